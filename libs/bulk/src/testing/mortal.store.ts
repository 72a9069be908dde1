import type { ObjectStore } from '@facelane/object-store';

export interface Death {
  /** Calls of the store before it. */
  readonly afterCalls: number;
  /** Whether the last call still does its work, although nobody hears of it. */
  readonly lastOneLands: boolean;
}

/**
 * The store as a process has it that is killed at that call: it rejects, and so does every later one.
 * `died` is called at that moment.
 */
export function mortalStore(store: ObjectStore, { afterCalls, lastOneLands }: Death, died: () => void): ObjectStore {
  let calls = 0;
  return new Proxy(store, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      // Not a promise, so not counted: a death while it is read is one at the next call.
      if (name === 'list') return value.bind(target) as unknown;
      return async (...args: unknown[]): Promise<unknown> => {
        calls += 1;
        if (calls <= afterCalls) return (await Reflect.apply(value, target, args)) as unknown;
        if (calls === afterCalls + 1 && lastOneLands) await Reflect.apply(value, target, args);
        died();
        throw new Error('killed');
      };
    },
  });
}
