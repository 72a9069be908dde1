import { z } from 'zod';
import { slugSchema, uuidSchema } from '../ids/names.schema.js';
import type { EventDeclaration } from './define-event.js';
import { EVENT_TYPES, EVENTS, type EventType } from './events.js';

type Declared<T extends EventType> = (typeof EVENTS)[T];

/** What is told of a fact of this type. */
export type EventData<T extends EventType> = z.output<Declared<T>['data']>;

/** An event of one type, as it is delivered and as the feed has it. */
export interface EventOf<T extends EventType> {
  /** Follows from the fact: the same fact is never told under two ids. */
  readonly id: string;
  readonly type: T;
  readonly version: Declared<T>['version'];
  /** When it happened; not when it was sent. */
  readonly timestamp: string;
  readonly tenant: string;
  readonly collection: Declared<T>['scope'] extends 'collection' ? string : string | undefined;
  readonly data: EventData<T>;
}

/** Any event; `type` tells which. */
export type FacelaneEvent = { [T in EventType]: EventOf<T> }[EventType];

/** The envelope of an event with its data. */
function envelopeOf({ type, version, scope, data, summary }: EventDeclaration): z.ZodObject {
  return z
    .strictObject({
      id: uuidSchema.meta({ description: 'Follows from the fact: ignore an id that you have seen.' }),
      type: z.literal(type),
      version: z.literal(version),
      timestamp: z.iso.datetime().meta({ description: 'When it happened; not when it was sent.' }),
      tenant: slugSchema,
      collection: scope === 'collection' ? slugSchema : slugSchema.optional(),
      data,
    })
    .meta({ description: summary });
}

type Schemas = { readonly [T in EventType]: z.ZodType<EventOf<T>> };

/** Schema of each event with its envelope. */
export const EVENT_SCHEMAS = Object.freeze(
  Object.fromEntries(EVENT_TYPES.map((type) => [type, envelopeOf(EVENTS[type])])),
) as unknown as Schemas;

const eventSchema = z.discriminatedUnion(
  'type',
  Object.values(EVENT_SCHEMAS) as unknown as [z.ZodObject],
) as unknown as z.ZodType<FacelaneEvent>;

/**
 * Members come out in the order of the schema, so an event that was written and read has the bytes it had.
 * @throws ZodError when it is no event of this version
 */
export const parseEvent = (value: unknown): FacelaneEvent => eventSchema.parse(value);

/** A whole event with the example's data. */
export function exampleEvent<T extends EventType>(type: T): EventOf<T> {
  const { scope, version, example } = EVENTS[type];
  return EVENT_SCHEMAS[type].parse({
    id: '7b2f0a52-3c1e-5d48-9a61-0d6f3c2b1a55',
    type,
    version,
    timestamp: '2026-03-01T18:20:33.118Z',
    tenant: 'acme',
    ...(scope === 'collection' && { collection: 'friends' }),
    data: example,
  });
}
