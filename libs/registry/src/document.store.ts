import { StageError } from '@facelane/contracts';
import type { ObjectStore, PutCondition } from '@facelane/object-store';
import type { z } from 'zod';
import type { Exclusion } from './exclusion.port.js';

interface Read<T> {
  readonly value: T;
  readonly etag: string;
}

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

  /**
   * Reads, changes and writes as one step. `change` gets undefined when there is no document; returning the value
   * it was given writes nothing. It may run several times and must not have effects.
   */
  async update<S extends z.ZodType>(
    key: string,
    schema: S,
    change: (current: z.output<S> | undefined) => z.output<S>,
  ): Promise<z.output<S>> {
    const { conditionalPut } = await this.store.capabilities();
    if (conditionalPut) return this.updateByCondition(key, schema, change);
    return this.exclusion.with(key, async () => {
      const current = await this.load(key, schema);
      const next = change(current?.value);
      if (next !== current?.value) await this.put(key, schema, next);
      return next;
    });
  }

  /** Every document below the prefix, in key order. */
  async *list<S extends z.ZodType>(prefix: string, schema: S): AsyncGenerator<z.output<S>> {
    for await (const key of this.keys(prefix)) {
      const value = await this.read(key, schema);
      if (value !== undefined) yield value;
    }
  }

  /** Every key below the prefix, in the order of its bytes; nothing is read. */
  async *keys(prefix: string): AsyncGenerator<string> {
    for await (const { key } of this.store.list(prefix)) yield key;
  }

  /** The names directly below the prefix, as folders of a file system would be; what lies in them is skipped over. */
  async *folders(prefix: string): AsyncGenerator<string> {
    let startAfter = prefix;
    for (;;) {
      const first = await this.store.list(prefix, { startAfter })[Symbol.asyncIterator]().next();
      if (first.done === true) return;
      const [name = ''] = first.value.key.slice(prefix.length).split('/');
      yield name;
      // The character after the slash: everything in this folder sorts before it.
      startAfter = `${prefix}${name}0`;
    }
  }

  private async updateByCondition<S extends z.ZodType>(
    key: string,
    schema: S,
    change: (current: z.output<S> | undefined) => z.output<S>,
  ): Promise<z.output<S>> {
    for (let race = 0; race < MAX_RACES; race += 1) {
      const current = await this.load(key, schema);
      const next = change(current?.value);
      if (next === current?.value) return next;
      const condition: PutCondition =
        current === undefined ? { kind: 'absent' } : { kind: 'matches', etag: current.etag };
      if (await this.put(key, schema, next, condition)) return next;
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
