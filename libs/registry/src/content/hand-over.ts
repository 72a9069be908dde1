/** Bytes held at most: a second or two of photos at full speed. */
export const HAND_OVER_BYTES = 32 * 1024 * 1024;

/**
 * What one stage has just stored, for the next stage of the same process to pick up without asking the store.
 *
 * A short cut, never the only way: an object is offered after it was stored, handed out once, and the oldest gives way
 * when the room is used up. Whoever finds nothing here reads the store, as a stage in another process always does.
 * Only for objects whose key says what is in them (content and model contract), so that it cannot be out of date.
 */
export class HandOver {
  private readonly offered = new Map<string, Uint8Array>();
  private bytes = 0;

  /** `maxBytes` 0 offers nothing: for a process that runs one stage. */
  constructor(private readonly maxBytes = 0) {}

  offer(key: string, object: Uint8Array): void {
    if (object.byteLength > this.maxBytes) return;
    this.take(key);
    this.offered.set(key, object);
    this.bytes += object.byteLength;
    for (const oldest of this.offered.keys()) {
      if (this.bytes <= this.maxBytes) return;
      this.take(oldest);
    }
  }

  take(key: string): Uint8Array | undefined {
    const object = this.offered.get(key);
    if (object === undefined) return undefined;
    this.offered.delete(key);
    this.bytes -= object.byteLength;
    return object;
  }
}
