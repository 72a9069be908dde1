import type { BreakingChange } from '../breaking/breaking.change.js';
import type { JsonSchema } from '../breaking/json.schema.js';
import { type Change, change } from '../breaking/comparison.js';
import { type Reference, type References, resolveIn } from '../breaking/references.js';
import { schemaChanges } from '../breaking/schema.changes.js';

interface Channel {
  readonly address: string | null;
  readonly messages: Readonly<Record<string, Message>>;
}

interface Message extends Reference {
  readonly contentType?: string;
  readonly headers?: JsonSchema;
  readonly payload?: JsonSchema;
}

/** An AsyncAPI 3.0 document of what is sent. */
class EventDescription implements References {
  readonly channels: Readonly<Record<string, Channel>>;

  /** @throws TypeError when the value is no AsyncAPI 3.0 document. */
  constructor(private readonly document: unknown) {
    const { asyncapi, channels } = (document ?? {}) as { asyncapi?: unknown; channels?: Record<string, Channel> };
    if (typeof asyncapi !== 'string' || !asyncapi.startsWith('3.') || typeof channels !== 'object') {
      throw new TypeError('This is no AsyncAPI 3 document: it has no `asyncapi: 3.x` with `channels`.');
    }
    this.channels = channels;
  }

  resolve<T extends Reference>(value: T): T {
    return resolveIn(this.document, value);
  }
}

/**
 * Compares two AsyncAPI 3.0 descriptions of what is sent and returns what a receiver who relies on the first one cannot
 * read: channels and types of events that are gone, and bodies and headers with fields that were removed or are no longer
 * certain, of other types, or with values that he has no branch for. A new `version` of a type is such a value. New types
 * and new fields break nobody: receivers are told to pass over what they do not know (docs/events.md).
 *
 * @throws TypeError when one of them is no AsyncAPI 3 document, or a reference in it points nowhere.
 */
export function findBreakingEventChanges(released: unknown, current: unknown): readonly BreakingChange[] {
  const [before, after] = [new EventDescription(released), new EventDescription(current)];
  const found = new Map<string, BreakingChange>();
  for (const [name, old] of Object.entries(before.channels)) {
    const now = after.channels[name];
    for (const [type, { at, what }] of channelChanges(name, old, now, before, after)) {
      // The same body goes through several channels.
      const known = found.get(`${at} ${what}`);
      const operations = [...new Set([...(known?.operations ?? []), type])];
      found.set(`${at} ${what}`, { where: at, what, operations });
    }
  }
  return [...found.values()];
}

function channelChanges(
  name: string,
  old: Channel,
  now: Channel | undefined,
  before: References,
  after: References,
): (readonly [string, Change])[] {
  if (now === undefined) return [[name, change(`channel ${name}`, 'was removed')]];
  const moved =
    old.address === now.address ? [] : [change(`channel ${name}`, `is at ${now.address ?? 'no address'} now`)];
  return [
    ...moved.map((each) => [name, each] as const),
    ...Object.entries(old.messages).flatMap(([type, message]) =>
      messageChanges(type, before.resolve(message), now.messages[type], before, after).map(
        (each) => [type, each] as const,
      ),
    ),
  ];
}

function messageChanges(
  type: string,
  old: Message,
  unresolved: Message | undefined,
  before: References,
  after: References,
): Change[] {
  if (unresolved === undefined) return [change(type, 'is no longer sent')];
  const now = after.resolve(unresolved);
  const compare = (part: 'headers' | 'payload'): Change[] =>
    old[part] === undefined
      ? []
      : schemaChanges(old[part], now[part] ?? {}, `${type} ${part}`, {
          ...{ side: 'response', before, after },
          within: new Set(),
        });
  const contentType =
    old.contentType === now.contentType
      ? []
      : [change(type, `is sent as ${now.contentType ?? 'nothing in particular'}`)];
  return [...contentType, ...compare('headers'), ...compare('payload')];
}
