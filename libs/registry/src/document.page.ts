import type { z } from 'zod';
import { chunked } from './chunked.js';
import type { DocumentStore } from './document.store.js';

/** A part of a listing. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page starts: hand it back as `after`. Absent: there is no more. */
  readonly next?: string;
}

export interface PageOptions {
  /** Only what comes behind this id. Default: from the first. */
  readonly after?: string | undefined;
  /** Items at most, from 1. */
  readonly limit: number;
}

interface Sieve<T> {
  /** Which documents count. Default: all. */
  readonly where?: (value: T) => boolean;
  /** Documents looked at before the page ends as it is, so that a question which hits little costs no more. Default: no bound. */
  readonly scan?: number;
}

/** Documents read at once. */
const READ_AHEAD = 16;

/** `prefix` without `.json`: ids in the order of their keys, nothing is read. */
export async function* idsBelow(documents: DocumentStore, prefix: string, after?: string): AsyncGenerator<string> {
  const from = after === undefined ? undefined : `${prefix}${after}.json`;
  for await (const key of documents.keys(prefix, from)) {
    if (key.endsWith('.json')) yield key.slice(prefix.length, -'.json'.length);
  }
}

/**
 * The documents `<prefix><id>.json` by id, a page at a time. A page may be short, or empty, and still have a `next`:
 * what is filed meanwhile behind the cursor is found, and what is removed is left out.
 */
export async function readPage<S extends z.ZodType>(
  documents: DocumentStore,
  prefix: string,
  schema: S,
  { after, limit, where = () => true, scan = Infinity }: PageOptions & Sieve<z.output<S>>,
): Promise<Page<z.output<S>>> {
  const items: z.output<S>[] = [];
  const size = Math.min(READ_AHEAD, limit, scan);
  let seen = 0;
  let last: string | undefined;
  for await (const ids of chunked(idsBelow(documents, prefix, after), size)) {
    // Here, and not when the page is full: only now is it known that there is more.
    if (last !== undefined && (items.length >= limit || seen >= scan)) return { items, next: last };
    const values = await Promise.all(ids.map((id) => documents.read(`${prefix}${id}.json`, schema)));
    for (const [at, value] of values.entries()) {
      if (items.length >= limit || seen >= scan) return { items, next: last! };
      last = ids[at]!;
      seen += 1;
      if (value !== undefined && where(value)) items.push(value);
    }
  }
  return { items };
}
