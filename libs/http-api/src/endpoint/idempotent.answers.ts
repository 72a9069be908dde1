import { createHash } from 'node:crypto';
import type { OnceStore } from '@facelane/queue';
import type { Caller } from '../access/caller.js';
import { ProblemError } from '../problem/problem.error.js';
import type { RequestParts } from './parse-parts.js';

/** Chosen by callers: UUIDs and the like. */
const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * Answers a repeated request from the first one (IETF draft "The Idempotency-Key HTTP Header Field"): a client that
 * did not hear our answer sends the same again, and the work is not done twice.
 */
export class IdempotentAnswers {
  constructor(private readonly store: OnceStore) {}

  /** @throws ProblemError API.IDEMPOTENCY_RUNNING (409), API.IDEMPOTENCY_CONFLICT (422), API.REQUEST_INVALID */
  async once(
    { tenant }: Caller,
    endpointId: string,
    key: string,
    parts: RequestParts,
    answer: () => Promise<unknown>,
  ): Promise<{ body: unknown; replayed: boolean }> {
    if (!KEY.test(key)) {
      throw new ProblemError('API.REQUEST_INVALID', 'The header Idempotency-Key is not usable.', {
        errors: [{ path: 'header.idempotency-key', message: 'use 1 to 255 visible ASCII characters' }],
      });
    }
    const name = `${tenant}:${endpointId}:${key}`;
    const begun = await this.store.begin(name, fingerprintOf(parts));
    switch (begun.outcome) {
      case 'done':
        return { body: begun.value, replayed: true };
      case 'running':
        throw new ProblemError('API.IDEMPOTENCY_RUNNING', 'The first request with this key is not answered yet.', {
          headers: { 'retry-after': '1' },
        });
      case 'conflict':
        throw new ProblemError('API.IDEMPOTENCY_CONFLICT', 'The first request with this key was another one.');
      case 'fresh':
        return { body: await this.first(name, answer), replayed: false };
    }
  }

  private async first(name: string, answer: () => Promise<unknown>): Promise<unknown> {
    try {
      const body = await answer();
      await this.store.finish(name, body);
      return body;
    } catch (error) {
      // A refused request may be sent again under the same key once it is corrected.
      await this.store.abandon(name);
      throw error;
    }
  }
}

/** Of what was asked, photos included, whatever the spelling of the body. */
const fingerprintOf = (parts: RequestParts): string => digest(JSON.stringify(withDigests(parts)));

/** Before JSON.stringify, which would write a Buffer out as a list of numbers. */
function withDigests(value: unknown): unknown {
  if (value instanceof Uint8Array) return digest(value);
  if (Array.isArray(value)) return value.map(withDigests);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withDigests(inner)]));
}

const digest = (value: string | Uint8Array): string => createHash('sha256').update(value).digest('hex');
