import type { FaceIndex } from '@facelane/face-index';
import type { ObjectStore } from '@facelane/object-store';
import type { AssetBelt } from '../asset-belt.port.js';
import type { Gallery } from '../create-gallery.js';
import type { LivingGallery } from './living-gallery.fixture.js';

const CHANGES: ReadonlySet<string> = new Set([
  ...['put', 'delete', 'upsert', 'deleteWhere', 'deleteByIds'],
  ...['rematch', 'rebind', 'withdraw', 'withdrawWhere', 'purge'],
]);

export class Crash extends Error {}

/** The driver, with `before` done before each change; a change that it rejects is not made. */
export function intercepted<T extends object>(
  driver: T,
  before: (name: string, given: readonly unknown[]) => Promise<void>,
): T {
  return new Proxy(driver, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      // Called on the driver itself: private fields know no proxy.
      if (!CHANGES.has(String(name))) return member.bind(target) as unknown;
      return async (...given: unknown[]): Promise<unknown> => {
        await before(String(name), given);
        return Reflect.apply(member, target, given) as unknown;
      };
    },
  });
}

/**
 * The room over drivers that do `changes` more changes and then none: where a process would have died at that point,
 * every later change fails as well, those of its `catch` and `finally` too.
 */
export function crashingAfter(gallery: LivingGallery, changes: number): Gallery {
  let left = changes;
  const die = (name: string): Promise<void> =>
    left-- > 0 ? Promise.resolve() : Promise.reject(new Crash(`died at ${name}`));
  return gallery.over(
    intercepted<ObjectStore>(gallery.store, die),
    intercepted<FaceIndex>(gallery.index, die),
    intercepted<AssetBelt>(gallery.belt, die),
  );
}

/** Whether the work got through; false when it died. */
export async function survives(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof Crash) return false;
    throw error;
  }
}
