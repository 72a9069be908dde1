import { webcrypto } from 'node:crypto';
import { EVENT_TYPES, exampleEvent } from '@facelane/contracts';
import { makeSecret, signWith, type WebhookHeaders } from '@facelane/events';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FacelaneWebhookRefused, type WebhookRefusal } from './facelane.webhook-refused.js';
import { verifyWebhook } from './verify-webhook.js';

const secret = makeSecret();
const event = exampleEvent('face.matched');
const body = JSON.stringify(event);
const now = new Date('2026-03-01T18:21:00.000Z');
const at = { now } as const;
const signed = (seconds = 0, secrets = [secret], text = body): WebhookHeaders =>
  signWith(secrets, { id: event.id, timestamp: new Date(now.getTime() + seconds * 1000), body: text });

const refusal = async (delivery: Promise<unknown>): Promise<WebhookRefusal | undefined> =>
  delivery.then(
    () => undefined,
    (error: unknown) => {
      expect(error).toBeInstanceOf(FacelaneWebhookRefused);
      expect((error as Error).message).not.toContain(secret);
      return (error as FacelaneWebhookRefused).reason;
    },
  );

afterEach(() => vi.unstubAllGlobals());

describe('verifyWebhook takes', () => {
  it.each(EVENT_TYPES)('%s, as this product signs it', async (type) => {
    const text = JSON.stringify(exampleEvent(type));
    expect(await verifyWebhook(text, { ...signed(0, [secret], text) }, secret, at)).toEqual(exampleEvent(type));
  });

  it('reasons and members that are newer than the client', async () => {
    const completed = exampleEvent('asset.completed');
    const enrolment = { outcome: 'refused', personId: '8d2f5a3e-57a5-5b5f-9b1c-2f6f4c1d7e22', reason: 'asleep' };
    const newer = { ...completed, data: { ...completed.data, enrolment, mood: 'good' } };
    const text = JSON.stringify(newer);
    expect(await verifyWebhook(text, { ...signed(0, [secret], text) }, secret, at)).toEqual(newer);
  });

  it('what the standardwebhooks package signs', async () => {
    const signature = new Webhook(secret).sign('msg_1', now, body);
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(now.getTime() / 1000),
      'webhook-signature': signature,
    };
    expect(await verifyWebhook(body, headers, secret, at)).toEqual(event);
  });

  it('a body as text or bytes, with headers of fetch or of Node', async () => {
    const headers = signed();
    const upper = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), [value]]));
    const buffer = Buffer.from(`xx${body}xx`).subarray(2, -2);
    for (const text of [body, new TextEncoder().encode(body), Buffer.from(body), buffer]) {
      for (const given of [{ ...headers }, new Headers({ ...headers }), upper]) {
        expect(await verifyWebhook(text, given, secret, at)).toEqual(event);
      }
    }
  });

  it('bodies of any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (name) => {
        const text = JSON.stringify({ ...event, name });
        const read = await verifyWebhook(text, { ...signed(0, [secret], text) }, secret, at);
        expect(read).toEqual({ ...event, name });
      }),
      { numRuns: 50 },
    );
  });

  it('either secret while one takes the place of another, on either side', async () => {
    const old = makeSecret();
    for (const headers of [signed(0, [secret, old]), signed(0, [old, secret]), signed(0, [old])]) {
      expect(await verifyWebhook(body, { ...headers }, [secret, old], at)).toEqual(event);
    }
    expect(await verifyWebhook(body, { ...signed(0, [old, secret]) }, secret, at)).toEqual(event);
  });

  it('a signature among many, of other versions and of nothing', async () => {
    const headers = signed();
    const other = Array.from({ length: 50 }, () => signed(0, [makeSecret()])['webhook-signature']);
    const all = ['v1a,AAAA', 'v1,', 'v1,!', '', 'v2', ...other, headers['webhook-signature'], 'v1,AAAA'];
    expect(await verifyWebhook(body, { ...headers, 'webhook-signature': all.join(' ') }, secret, at)).toEqual(event);
  });

  it('what was signed up to five minutes before and after, or as long as you say', async () => {
    for (const seconds of [-300, 300]) {
      expect(await verifyWebhook(body, { ...signed(seconds) }, secret, at)).toEqual(event);
    }
    const day = { ...at, toleranceSeconds: 86_400 };
    expect(await verifyWebhook(body, { ...signed(-80_000) }, secret, day)).toEqual(event);
  });

  it('the time of the machine when no other is given', async () => {
    const headers = signWith([secret], { id: event.id, timestamp: new Date(), body });
    expect(await verifyWebhook(body, { ...headers }, secret)).toEqual(event);
    expect(await refusal(verifyWebhook(body, { ...signed() }, secret))).toMatch(/^too_/);
  });

  it('the crypto that is given where there is none', async () => {
    vi.stubGlobal('crypto', undefined);
    await expect(verifyWebhook(body, { ...signed() }, secret, at)).rejects.toThrow('Node 18');
    const { subtle } = webcrypto;
    expect(await verifyWebhook(body, { ...signed() }, secret, { ...at, subtle })).toEqual(event);
  });
});

describe('verifyWebhook refuses', () => {
  const changed = body.replace('"match"', '"review"');
  const digest = signed()['webhook-signature'];
  const REFUSED: readonly [string, WebhookRefusal, string, Record<string, string | undefined>][] = [
    ['a changed body', 'signature_wrong', changed, { ...signed() }],
    ['more white space', 'signature_wrong', `${body}\n`, { ...signed() }],
    ['another id', 'signature_wrong', body, { ...signed(), 'webhook-id': 'other' }],
    ['another time', 'signature_wrong', body, { ...signed(), 'webhook-timestamp': String(now.getTime() / 1000 + 1) }],
    ['another secret', 'signature_wrong', body, { ...signed(0, [makeSecret()]) }],
    ['an old delivery', 'too_old', body, { ...signed(-301) }],
    ['one of the future', 'too_new', body, { ...signed(301) }],
    ['no id', 'header_missing', body, { ...signed(), 'webhook-id': undefined }],
    ['an empty time', 'header_missing', body, { ...signed(), 'webhook-timestamp': '' }],
    ['no signature', 'header_missing', body, { ...signed(), 'webhook-signature': undefined }],
    ['no headers', 'header_missing', body, {}],
    ['a date', 'timestamp_invalid', body, { ...signed(), 'webhook-timestamp': now.toISOString() }],
    ['a negative time', 'timestamp_invalid', body, { ...signed(), 'webhook-timestamp': '-1' }],
    ['no version', 'signature_malformed', body, { ...signed(), 'webhook-signature': digest.slice(3) }],
    ['another version', 'signature_malformed', body, { ...signed(), 'webhook-signature': digest.replace('v1', 'v2') }],
    ['no base64', 'signature_malformed', body, { ...signed(), 'webhook-signature': 'v1,%%%%' }],
    ['a short signature', 'signature_malformed', body, { ...signed(), 'webhook-signature': 'v1,AAAA' }],
    ['a comma for a space', 'signature_malformed', body, { ...signed(), 'webhook-signature': `${digest},${digest}` }],
    ['what is no JSON', 'body_invalid', '{', { ...signed(0, [secret], '{') }],
    ['what is no event', 'body_invalid', '{"id":"x"}', { ...signed(0, [secret], '{"id":"x"}') }],
    ['null', 'body_invalid', 'null', { ...signed(0, [secret], 'null') }],
  ];

  it.each(REFUSED)('%s: %s', async (_what, reason, text, headers) => {
    expect(await refusal(verifyWebhook(text, headers, secret, at))).toBe(reason);
    expect(await refusal(verifyWebhook(Buffer.from(text), headers, secret, at))).toBe(reason);
  });

  it('any body with a byte changed', async () => {
    const bytes = Buffer.from(body);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (place, by) => {
        const other = Uint8Array.from(bytes, (byte, i) => (i === place ? byte ^ by : byte));
        expect(await refusal(verifyWebhook(other, { ...signed() }, secret, at))).toBe('signature_wrong');
      }),
      { numRuns: 50 },
    );
  });

  it('everything when a number is none', async () => {
    expect(await refusal(verifyWebhook(body, { ...signed() }, secret, { ...at, toleranceSeconds: NaN }))).toBe(
      'too_old',
    );
    expect(await refusal(verifyWebhook(body, { ...signed() }, secret, { now: new Date(NaN) }))).toBe('too_old');
  });

  it.each([['whsec_'], ['whsec_%%%'], [''], [[]]])('to work with the secret %j', async (wrong) => {
    await expect(verifyWebhook(body, { ...signed() }, wrong, at)).rejects.toThrow(TypeError);
  });
});
