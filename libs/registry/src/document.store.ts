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

  /** Every document below the prefix, in key order. `filter` sees the key before anything is read. */
  async *list<S extends z.ZodType>(
    prefix: string,
    schema: S,
    filter: (key: string) => boolean = () => true,
  ): AsyncGenerator<z.output<S>> {
    for await (const { key } of this.store.list(prefix)) {
      if (!filter(key)) continue;
      const value = await this.read(key, schema);
      if (value !== undefined) yield value;
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
    try {
      const { body, etag } = await this.store.get(key);
      return { value: schema.parse(JSON.parse(new TextDecoder().decode(body))), etag };
    } catch (error) {
      if (error instanceof StageError && error.code === 'STORE.MISSING') return undefined;
      throw error;
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
