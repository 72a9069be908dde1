/**
 * One at a time for a named thing, across processes. Used where the object store cannot do conditional writes; the
 * application provides it (a lease in Redis).
 */
export abstract class Exclusion {
  abstract with<T>(name: string, work: () => Promise<T>): Promise<T>;
}
