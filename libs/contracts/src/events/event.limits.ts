/**
 * No event is larger, as JSON in UTF-8. Receivers limit bodies, some to 64 kB and few to less; Standard Webhooks advises
 * to stay below 20 kB.
 */
export const MAX_EVENT_BYTES = 20_000;

/** The longest tags an asset can have without characters that JSON escapes: 50 of 64 characters, 3 bytes each. */
export const MAX_TAGS_BYTES = 9_800;
/** The longest key of an object, 3 bytes a character, with its bucket. */
export const MAX_SOURCE_BYTES = 3_500;
/** Characters of a message for people. A control character takes 6 bytes of JSON. */
export const MAX_MESSAGE = 500;
/** Codes by which failures are counted; there are fewer than that. */
export const MAX_CODES = 100;

export const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** For people, who can do with the start of it. Cut between characters, never within one. */
export function shortMessage(text: string): string {
  if (text.length <= MAX_MESSAGE) return text;
  const kept = text.slice(0, MAX_MESSAGE - 1);
  return `${kept.replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** What is too long is left out as a whole: half a key or half of the tags would be wrong ones. */
export function unlessLonger<T>(value: T | undefined, bytes: number): T | undefined {
  return value === undefined || jsonBytes(value) > bytes ? undefined : value;
}
