import { createHmac } from 'node:crypto';
import { exampleEvent } from '@facelane/contracts';
import fc from 'fast-check';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { describe, expect, it } from 'vitest';
import { signWith, type WebhookHeaders } from './sign-webhook.js';
import { isSecret, makeSecret } from './webhook.secret.js';

type Verify = (secret: string, body: string, headers: WebhookHeaders) => unknown;

/** Verifiers that others wrote and consumers use. */
const VERIFIERS: readonly [string, Verify][] = [
  ['standardwebhooks', (secret, body, headers) => new StandardWebhook(secret).verify(body, { ...headers })],
  ['svix', (secret, body, headers) => new SvixWebhook(secret).verify(body, { ...headers })],
];
const event = exampleEvent('face.matched');
const body = JSON.stringify(event);
const message = (): { id: string; timestamp: Date; body: string } => ({ id: event.id, timestamp: new Date(), body });
const MINUTE_MS = 60_000;

describe.each(VERIFIERS)('%s', (_name, verify) => {
  it('takes what is signed', () => {
    const secret = makeSecret();
    expect(() => verify(secret, body, signWith([secret], message()))).not.toThrow();
  });

  it('takes bodies of any text', () => {
    const secret = makeSecret();
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary' }), (text) => {
        verify(secret, text, signWith([secret], { ...message(), body: text }));
      }),
    );
  });

  it('takes it with either secret while one takes the place of another', () => {
    const [old, fresh] = [makeSecret(), makeSecret()];
    const headers = signWith([fresh, old], message());
    expect(() => verify(old, body, headers)).not.toThrow();
    expect(() => verify(fresh, body, headers)).not.toThrow();
    expect(() => verify(makeSecret(), body, headers)).toThrow('No matching signature');
  });

  it('refuses another body, another id and another time', () => {
    const secret = makeSecret();
    const headers = signWith([secret], message());
    const later = String(Number(headers['webhook-timestamp']) + 1);
    expect(() => verify(secret, `${body} `, headers)).toThrow('No matching signature');
    expect(() => verify(secret, body.replace('match', 'watch'), headers)).toThrow('No matching signature');
    expect(() => verify(secret, body, { ...headers, 'webhook-id': 'other' })).toThrow('No matching signature');
    expect(() => verify(secret, body, { ...headers, 'webhook-timestamp': later })).toThrow('No matching signature');
  });

  it('refuses what was signed long ago, or will be', () => {
    const secret = makeSecret();
    const at = (ms: number): WebhookHeaders => signWith([secret], { ...message(), timestamp: new Date(ms) });
    expect(() => verify(secret, body, at(Date.now() - 6 * MINUTE_MS))).toThrow('too old');
    expect(() => verify(secret, body, at(Date.now() + 6 * MINUTE_MS))).toThrow('too new');
  });
});

describe('signWith', () => {
  it('signs as the specification says, without any library', () => {
    const secret = makeSecret();
    const timestamp = new Date('2026-03-01T18:20:33.900Z');
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const signed = createHmac('sha256', key).update(`${event.id}.1772389233.${body}`).digest('base64');
    expect(signWith([secret], { id: event.id, timestamp, body })).toEqual({
      'webhook-id': event.id,
      'webhook-timestamp': '1772389233',
      'webhook-signature': `v1,${signed}`,
    });
  });

  it('refuses to send what nobody can verify, and does not repeat the secret', () => {
    expect(() => signWith([], message())).toThrow('no secret');
    expect(() => signWith([makeSecret(), 'whsec_c2hvcnQ='], message())).toThrow(/^(?!.*c2hvcnQ).*rotate it/);
    expect(() => signWith([makeSecret()], { ...message(), id: '1.2' })).toThrow('"1.2"');
  });
});

describe('secrets', () => {
  it('are random, of 32 bytes', () => {
    const secrets = Array.from({ length: 100 }, makeSecret);
    expect(new Set(secrets).size).toBe(100);
    for (const secret of secrets) {
      expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
      expect(isSecret(secret)).toBe(true);
    }
  });

  it.each([
    ['24 bytes', 'whsec_', 24, true],
    ['64 bytes', 'whsec_', 64, true],
    ['23 bytes', 'whsec_', 23, false],
    ['65 bytes', 'whsec_', 65, false],
    ['another prefix', 'whsk_', 32, false],
  ])('of %s', (_what, prefix, bytes, valid) => {
    expect(isSecret(prefix + Buffer.alloc(bytes, 7).toString('base64'))).toBe(valid);
  });

  it.each(['', 'whsec_', 'whsec_!', `whsec_${'A'.repeat(43)}`, `whsec_${'-'.repeat(44)}`])('not of %j', (text) => {
    expect(isSecret(text)).toBe(false);
  });
});
