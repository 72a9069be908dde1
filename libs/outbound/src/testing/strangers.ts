import type { RequestListener } from 'node:http';
import { StageError } from '@facelane/contracts';
import { afterEach } from 'vitest';
import type { Resolve } from '../guarded.agent.js';
import { type FetcherOptions, GuardedFetcher } from '../guarded.fetcher.js';
import { type StrangeServer, startStrangeServer } from './strange.server.js';

export const PHOTO = Buffer.from('the bytes of a photo');
export const LIMITS = { maxBytes: 1000, signal: new AbortController().signal };

export interface Strangers {
  readonly serve: (answer: RequestListener) => Promise<StrangeServer>;
  /** May speak http, and reach the test's own servers as the one private address. */
  readonly fetcher: (options?: FetcherOptions) => GuardedFetcher;
}

/** Servers and fetchers that end with the test. */
export function useStrangers(): Strangers {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });
  return {
    serve: async (answer) => {
      const server = await startStrangeServer(answer);
      stops.push(server.stop);
      return server;
    },
    fetcher: (options) => {
      const made = new GuardedFetcher({ allowHttp: true, allow: ['127.0.0.1'], ...options });
      stops.push(() => made.close());
      return made;
    },
  };
}

/** Answers in turn, the last one for ever, and remembers what it was asked. */
export function resolver(...answers: readonly (readonly string[])[]): { asked: readonly string[]; resolve: Resolve } {
  const asked: string[] = [];
  const resolve: Resolve = (host) => {
    const addresses = answers[Math.min(asked.length, answers.length - 1)] ?? [];
    asked.push(host);
    return Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
  };
  return { asked, resolve };
}

export async function failureOf(fetched: Promise<unknown>): Promise<StageError> {
  const error = await fetched.then(
    () => new Error('It was fetched.'),
    (reason: unknown) => reason,
  );
  if (error instanceof StageError) return error;
  throw error;
}
