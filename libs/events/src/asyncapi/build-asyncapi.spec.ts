import { EVENT_TYPES, EVENTS, exampleEvent } from '@facelane/contracts';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { buildAsyncApi } from './build-asyncapi.js';
import { schemaNameOf } from './event.json-schema.js';

const document = buildAsyncApi();
const { messages, schemas } = document.components;

/** Every reference in the document. */
function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, of]) =>
    name === '$ref' && typeof of === 'string' ? [of] : referencesIn(of),
  );
}

function at(pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], document);
}

describe('the AsyncAPI document', () => {
  it('has references that point somewhere', () => {
    const references = referencesIn(document);
    expect(references.length).toBeGreaterThan(3 * EVENT_TYPES.length);
    for (const reference of references) expect(at(reference), reference).toBeDefined();
  });

  it('has every event on each way, signed where it is delivered', () => {
    const channels = document.channels as Record<string, { messages: Record<string, { headers?: unknown }> }>;
    expect(Object.keys(channels)).toEqual(['webhook', 'feed']);
    for (const { messages: ways } of Object.values(channels)) expect(Object.keys(ways)).toEqual(EVENT_TYPES);
    for (const { headers } of Object.values(channels['webhook']!.messages)) expect(headers).toBeDefined();
    for (const { headers } of Object.values(messages as Record<string, { headers?: unknown }>)) {
      expect(headers).toBeUndefined();
    }
  });

  it('has every event, and can be written as JSON', () => {
    expect(Object.keys(messages)).toEqual(EVENT_TYPES);
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });

  it.each(EVENT_TYPES)(
    '%s: its example fits its schema, and so do members that come later, and nothing else does',
    (type) => {
      const ajv = new Ajv({ formats: { uuid: true, 'date-time': true }, strict: true, keywords: ['x-open-enum'] });
      const fits = ajv.compile({ ...schemas[schemaNameOf(type)] });
      const example = exampleEvent(type);
      expect(messages[type]).toMatchObject({ summary: EVENTS[type].summary, examples: [{ payload: example }] });
      expect(fits(example), JSON.stringify(fits.errors)).toBe(true);
      expect(fits({ ...example, note: 1 })).toBe(true);
      expect(fits({ ...example, data: { ...example.data, note: 1 } })).toBe(true);
      expect(fits({ ...example, data: {} })).toBe(false);
      expect(fits({ ...example, type: 'asset.deleted' })).toBe(false);
    },
  );
});
