import { StageError } from '@facelane/contracts';
import type { ObjectInfo, ObjectStore, PutCondition } from '@facelane/object-store';
import type { z } from 'zod';
import { chunked } from './chunked.js';
import type { Exclusion } from './exclusion.port.js';

interface Read<T> {
  readonly value: T;
  readonly etag: string;
}

/** Documents read at once when many are: enough to hide the way to a store, few enough to hold in memory. */
const READ_AHEAD = 16;

/** A writer meets at most as many rivals as there are writers; this many lost races in a row is a fault. */
const MAX_RACES = 100;

/**
 * JSON documents in the object store, parsed on every read, changed without losing anybody's change: by conditional
 * write where the store has it, else by exclusion.
 */
export class DocumentStore {
  constructor(
    private readonly store: ObjectStore,
    private readonly exclusion: Exclusion,
  ) {}

  async read<S extends z.ZodType>(key: string, schema: S): Promise<z.output<S> | undefined> {
    return (await this.load(key, schema))?.value;
  }

  /** Overwrites; for documents that only one writer can have. */
  async write<S extends z.ZodType>(key: string, schema: S, value: z.output<S>): Promise<void> {
    await this.put(key, schema, value);
  }

  /** Overwrites like `write`, and tells whether there was one: in one request where the store honours conditions. */
  async replace<S extends z.ZodType>(key: string, schema: S, value: z.output<S>): Promise<boolean> {
    const { conditionalPut } = await this.store.capabilities();
    if (conditionalPut && (await this.put(key, schema, value, { kind: 'absent' }))) return false;
    const existed = conditionalPut || (await this.store.head(key)) !== undefined;
    await this.put(key, schema, value);
    return existed;
  }

  /**
   * Writes the document unless there is one, and tells whether it did: in one request where the store honours
   * conditions. For documents that only one writer can have.
   */
  async writeFirst<S extends z.ZodType>(key: string, schema: S, value: z.output<S>): Promise<boolean> {
    const { conditionalPut } = await this.store.capabilities();
    if (conditionalPut) return this.put(key, schema, value, { kind: 'absent' });
    if ((await this.store.head(key)) !== undefined) return false;
    return this.put(key, schema, value);
  }

  /**
   * Reads, changes and writes as one step. `change` gets undefined when there is no document; returning the value
   * it was given writes nothing. It may run several times and must not have effects.
   */
  async update<S extends z.ZodType>(
    key: string,
    schema: S,
    change: (current: z.output<S> | undefined) => z.output<S>,
  ): Promise<z.output<S>> {
    const next = await this.change<z.output<S>, S>(key, schema, change);
    return next;
  }

  /** The same for a document that is there; one that is not is never made, and the answer is undefined. */
  async amend<S extends z.ZodType>(
    key: string,
    schema: S,
    change: (current: z.output<S>) => z.output<S>,
  ): Promise<z.output<S> | undefined> {
    return this.change(key, schema, (current) => (current === undefined ? undefined : change(current)));
  }

  /**
   * Writes the document unless there is one, and says which of the two is there now. Of any number at once exactly one
   * hears that it was created.
   */
  async create<S extends z.ZodType>(
    key: string,
    schema: S,
    value: z.output<S>,
  ): Promise<{ readonly created: boolean; readonly value: z.output<S> }> {
    const kept = await this.update(key, schema, (current) => current ?? value);
    return { created: kept === value, value: kept };
  }

  /** Removes the document; that there is none is fine. Returns whether there was one. */
  async remove(key: string): Promise<boolean> {
    const { conditionalPut } = await this.store.capabilities();
    const remove = async (): Promise<boolean> => {
      const known = (await this.store.head(key)) !== undefined;
      await this.store.delete(key);
      return known;
    };
    // Without conditions, somebody who has read the document and writes it after this would bring it back.
    return conditionalPut ? remove() : this.exclusion.with(key, remove);
  }

  /** Every document below the prefix, in key order, read several at a time. */
  async *list<S extends z.ZodType>(prefix: string, schema: S): AsyncGenerator<z.output<S>> {
    for await (const keys of chunked(this.keys(prefix), READ_AHEAD)) {
      const values = await Promise.all(keys.map((key) => this.read(key, schema)));
      yield* values.filter((value) => value !== undefined);
    }
  }

  /** Every key below the prefix, in the order of its bytes; nothing is read. `after`: only keys behind this one. */
  async *keys(prefix: string, after?: string): AsyncGenerator<string> {
    for await (const { key } of this.infos(prefix, after)) yield key;
  }

  /** The same with what a listing tells of each object, such as when it was last written. */
  infos(prefix: string, after?: string): AsyncIterable<ObjectInfo> {
    return this.store.list(prefix, after === undefined ? {} : { startAfter: after });
  }

  /**
   * The names directly below the prefix, as folders of a file system would be; what lies in them is skipped over.
   * `after`: only those behind this name. The order is that of the names with their slash: `b-c` comes before `b`.
   */
  async *folders(prefix: string, after?: string): AsyncGenerator<string> {
    let startAfter = after === undefined ? prefix : `${prefix}${after}0`;
    for (;;) {
      const first = await this.store.list(prefix, { startAfter })[Symbol.asyncIterator]().next();
      if (first.done === true) return;
      const [name = ''] = first.value.key.slice(prefix.length).split('/');
      yield name;
      // The character after the slash: everything in this folder sorts before it.
      startAfter = `${prefix}${name}0`;
    }
  }

  /** `next` may be undefined only where `current` is. */
  private async change<N extends z.output<S> | undefined, S extends z.ZodType>(
    key: string,
    schema: S,
    change: (current: z.output<S> | undefined) => N,
  ): Promise<N> {
    const { conditionalPut } = await this.store.capabilities();
    if (conditionalPut) return this.changeByCondition(key, schema, change);
    return this.exclusion.with(key, async () => {
      const current = await this.load(key, schema);
      const next = change(current?.value);
      if (next !== current?.value) await this.put(key, schema, next as z.output<S>);
      return next;
    });
  }

  private async changeByCondition<N extends z.output<S> | undefined, S extends z.ZodType>(
    key: string,
    schema: S,
    change: (current: z.output<S> | undefined) => N,
  ): Promise<N> {
    for (let race = 0; race < MAX_RACES; race += 1) {
      const current = await this.load(key, schema);
      const next = change(current?.value);
      if (next === current?.value) return next;
      const condition: PutCondition =
        current === undefined ? { kind: 'absent' } : { kind: 'matches', etag: current.etag };
      if (await this.put(key, schema, next as z.output<S>, condition)) return next;
    }
    throw new StageError('STORE.UNAVAILABLE', `${key} could not be changed: ${MAX_RACES} writers came first.`);
  }

  private async load<S extends z.ZodType>(key: string, schema: S): Promise<Read<z.output<S>> | undefined> {
    const found = await this.store.get(key).catch((error: unknown) => {
      if (error instanceof StageError && error.code === 'STORE.MISSING') return undefined;
      throw error;
    });
    if (found === undefined) return undefined;
    try {
      return { value: schema.parse(JSON.parse(new TextDecoder().decode(found.body))), etag: found.etag };
    } catch (error) {
      throw new StageError('STORE.CORRUPT', `${key} is not the document that belongs there.`, {
        safeDetails: { key },
        cause: error,
      });
    }
  }

  private async put<S extends z.ZodType>(
    key: string,
    schema: S,
    value: z.output<S>,
    condition?: PutCondition,
  ): Promise<boolean> {
    const body = new TextEncoder().encode(JSON.stringify(schema.encode(value)));
    const { outcome } = await this.store.put(key, body, {
      contentType: 'application/json',
      ...(condition && { condition }),
    });
    return outcome === 'stored';
  }
}
