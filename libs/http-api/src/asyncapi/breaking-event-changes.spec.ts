import { buildAsyncApi } from '@facelane/events';
import { describe, expect, it } from 'vitest';
import { findBreakingEventChanges } from './breaking-event-changes.js';

interface Schema {
  [keyword: string]: unknown;
  properties: Record<string, Schema>;
  required: string[];
  enum: unknown[];
}

interface Draft {
  channels: Record<string, { address: string | null; messages: Record<string, Record<string, unknown>> }>;
  components: { messages: Record<string, Record<string, unknown>>; schemas: Record<string, Schema> };
}

/** The real description, which a test may change. */
const draft = (): Draft => structuredClone(buildAsyncApi()) as unknown as Draft;

const data = ({ components }: Draft, name = 'FaceMatchedEvent'): Schema =>
  components.schemas[name]!.properties['data']!;
const field = (of: Draft, name: string): Schema => data(of).properties[name]!;

function without(schema: Schema, name: string): void {
  Reflect.deleteProperty(schema.properties, name);
  optional(schema, name);
}
function optional(schema: Schema, name: string): void {
  schema.required = schema.required.filter((other) => other !== name);
}

/** `where: what` of every change that the edit makes. */
function changesBy(edit: (draft: Draft) => void): string[] {
  const current = draft();
  edit(current);
  return findBreakingEventChanges(draft(), current).map(({ where, what }) => `${where}: ${what}`);
}

const HARMLESS: readonly (readonly [string, (draft: Draft) => unknown])[] = [
  ['nothing changes', () => undefined],
  ['a text changes', (of) => (field(of, 'score')['description'] = 'Another one.')],
  [
    'a type of event is new',
    ({ channels, components }) => {
      components.schemas['FaceMovedEvent'] = components.schemas['FaceMatchedEvent']!;
      channels['webhook']!.messages['face.moved'] = channels['webhook']!.messages['face.matched']!;
    },
  ],
  ['a field is new', (of) => (data(of).properties['mood'] = { type: 'string' } as unknown as Schema)],
  ['a field is always there', (of) => data(of).required.push('score')],
  ['a list of values has one less', (of) => field(of, 'decision').enum.pop()],
  [
    'an enrolment is refused for a new reason',
    (of) => {
      const [, refused] = data(of, 'AssetCompletedEvent').properties['enrolment']!['oneOf'] as Schema[];
      refused!.properties['reason']!.enum.push('asleep');
    },
  ],
];

const BREAKING: readonly (readonly [string, (draft: Draft) => unknown, readonly string[]])[] = [
  [
    'a type is no longer sent',
    ({ channels }) => Reflect.deleteProperty(channels['webhook']!.messages, 'job.progress'),
    ['job.progress: is no longer sent'],
  ],
  ['a channel is gone', ({ channels }) => Reflect.deleteProperty(channels, 'feed'), ['channel feed: was removed']],
  [
    'the feed moves',
    ({ channels }) => (channels['feed']!.address = '/v2/stream'),
    ['channel feed: is at /v2/stream now'],
  ],
  ['a field is removed', (of) => without(data(of), 'personId'), ['FaceMatchedEvent.data.personId: was removed']],
  ['a field may be absent', (of) => optional(data(of), 'faceId'), ['FaceMatchedEvent.data.faceId: may be absent now']],
  [
    'a field is of another type',
    (of) => (field(of, 'score')['type'] = 'string'),
    ['FaceMatchedEvent.data.score: is string instead of number'],
  ],
  [
    'a list of values has one more',
    (of) => field(of, 'decision').enum.push('maybe'),
    ['FaceMatchedEvent.data.decision: may be "maybe" now'],
  ],
  [
    'the version of a type is raised',
    ({ components }) => (components.schemas['FaceMatchedEvent']!.properties['version']!['const'] = 2),
    ['FaceMatchedEvent.version: may be 2 now'],
  ],
  [
    'a header is removed',
    ({ components }) => without(components.schemas['WebhookHeaders']!, 'webhook-id'),
    ['WebhookHeaders.webhook-id: was removed'],
  ],
  [
    'a body is no longer JSON',
    ({ channels }) => (channels['webhook']!.messages['face.matched']!['contentType'] = 'application/cbor'),
    ['face.matched: is sent as application/cbor'],
  ],
];

describe('findBreakingEventChanges', () => {
  it.each(HARMLESS)('lets pass that %s', (_what, edit) => {
    expect(changesBy(edit)).toEqual([]);
  });

  it.each(BREAKING)('finds that %s', (_what, edit, found) => {
    expect(changesBy(edit)).toEqual(found);
  });

  it('says once what breaks several types, and names them', () => {
    const current = draft();
    without(current.components.schemas['WebhookHeaders']!, 'webhook-id');
    const [found] = findBreakingEventChanges(draft(), current);
    expect(found?.operations).toEqual(Object.keys(current.components.messages));
  });

  it.each([[undefined], [{ asyncapi: '2.6.0', channels: {} }], [{ asyncapi: '3.0.0' }]])('refuses %j', (value) => {
    expect(() => findBreakingEventChanges(value, value)).toThrow('no AsyncAPI 3 document');
  });
});
