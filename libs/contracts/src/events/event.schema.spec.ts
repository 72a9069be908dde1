import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ERROR_CODES } from '../errors/error-codes.js';
import { defineEvent } from './define-event.js';
import { jsonBytes, MAX_CODES, MAX_EVENT_BYTES } from './event.limits.js';
import { EVENT_SCHEMAS, exampleEvent, parseEvent } from './event.schema.js';
import { EVENT_TYPES, EVENTS, type EventType, eventTypeSchema } from './events.js';

describe.each(EVENT_TYPES)('%s', (type) => {
  it('is declared under its own type, with an example that fits', () => {
    expect(EVENTS[type].type).toBe(type);
    const example = exampleEvent(type);
    expect(example.data).toEqual(EVENTS[type].example);
    expect(parseEvent(example)).toEqual(example);
    expect(jsonBytes(example)).toBeLessThan(2_000);
  });

  it('has the same bytes after it was written and read', () => {
    const bytes = JSON.stringify(exampleEvent(type));
    expect(JSON.stringify(parseEvent(JSON.parse(bytes)))).toBe(bytes);
    const shuffled = Object.fromEntries(Object.entries(JSON.parse(bytes) as object).reverse());
    expect(JSON.stringify(parseEvent(shuffled))).toBe(bytes);
  });

  it('takes nothing that is not documented', () => {
    const example = exampleEvent(type);
    expect(() => parseEvent({ ...example, note: 'x' })).toThrow('note');
    expect(() => parseEvent({ ...example, data: { ...example.data, name: 'Ada' } })).toThrow('name');
    expect(() => parseEvent({ ...example, version: 2 })).toThrow('version');
  });

  it('can be said as a JSON Schema that allows no other members', () => {
    const schema = z.toJSONSchema(EVENT_SCHEMAS[type]);
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false, description: EVENTS[type].summary });
    const listed = JSON.stringify(schema);
    expect(listed.match(/"type":"object"/g)?.length).toBe(listed.match(/"additionalProperties"/g)?.length);
  });
});

describe('the catalogue', () => {
  it('has the types that consumers subscribe to', () => {
    expect(EVENT_TYPES).toEqual([
      ...['asset.completed', 'asset.failed', 'face.matched', 'face.unmatched', 'match.updated'],
      ...['person.enrolled', 'person.erased', 'job.progress', 'job.completed', 'endpoint.disabled'],
    ]);
    expect(eventTypeSchema.safeParse('asset.deleted').success).toBe(false);
  });

  it('demands the collection where the fact is in one', () => {
    const { collection, ...without } = exampleEvent('face.matched');
    expect(collection).toBe('friends');
    expect(() => parseEvent(without)).toThrow('collection');
    expect(exampleEvent('endpoint.disabled').collection).toBeUndefined();
  });

  it('refuses a type that it does not have', () => {
    expect(() => parseEvent({ ...exampleEvent('asset.completed'), type: 'asset.deleted' })).toThrow('type');
    expect(() => parseEvent('asset.completed')).toThrow();
    const declaration = { version: 1, summary: '', scope: 'tenant', data: z.strictObject({}), example: {} } as const;
    expect(() => defineEvent({ ...declaration, type: 'Asset' })).toThrow('"Asset"');
  });

  it('counts failures by fewer codes than there may be', () => {
    expect(Object.keys(ERROR_CODES).length).toBeLessThan(MAX_CODES);
  });
});

/** Texts as long as they may be, of the characters that take most bytes. */
describe('the largest event that its schema takes', () => {
  const wide = (length: number): string => '漢'.repeat(length);
  const escaped = (length: number): string => '\u0000'.repeat(length);
  const slug = 'a'.repeat(63);
  const asset = {
    externalId: escaped(256),
    tags: Array.from({ length: 50 }, () => wide(64)),
    source: `s3://${slug}/${wide(1024)}`,
    bulk: { job: '3b241101-e2bb-4255-8caf-4136c566a962', line: Number.MAX_SAFE_INTEGER },
  };
  const number = -1.2345678901234567e-100;
  const box = { x: number, y: number, width: number, height: number };
  const LARGEST = {
    'asset.completed': { ...exampleEvent('asset.completed').data, ...asset, resultKey: wide(1024) },
    'asset.failed': {
      ...exampleEvent('asset.failed').data,
      ...asset,
      failure: { stage: wide(64), code: wide(64), message: escaped(500), retryable: false },
      resultKey: `tenants/${slug}/collections/${slug}/results/${asset.bulk.job}.json`,
    },
    'match.updated': { ...exampleEvent('match.updated').data, externalId: escaped(256), score: number, box },
    'job.completed': {
      ...exampleEvent('job.completed').data,
      failures: Object.fromEntries(
        Array.from({ length: MAX_CODES }, (_, i) => [`${String(i).padStart(3, '0')}${'A'.repeat(61)}`, 2 ** 53 - 1]),
      ),
      failure: { code: wide(64), message: escaped(500) },
    },
  } satisfies Partial<Record<EventType, unknown>>;

  it.each(Object.entries(LARGEST))('%s stays below the limit', (type, data) => {
    const example = exampleEvent(eventTypeSchema.parse(type));
    const event = parseEvent({ ...example, tenant: slug, collection: slug, data });
    const size = jsonBytes(event);
    expect(size).toBeGreaterThan(type === 'match.updated' ? 1_000 : 12_000);
    expect(size).toBeLessThan(MAX_EVENT_BYTES);
  });

  it('refuses what would not fit', () => {
    const { data, ...envelope } = exampleEvent('asset.completed');
    const withData = (more: object): unknown => ({ ...envelope, data: { ...data, ...more } });
    expect(() => parseEvent(withData({ tags: Array.from({ length: 50 }, () => escaped(64)) }))).toThrow('9800 bytes');
    expect(() => parseEvent(withData({ source: wide(1500) }))).toThrow('3500 bytes');
  });
});
