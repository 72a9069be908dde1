/** Bytes held at most: a second or two of photos at full speed. */
export const HAND_OVER_BYTES = 32 * 1024 * 1024;

/**
 * Milliseconds for which an object is handed over: longer than the next stage takes to come for it. What lies there
 * longer was fetched elsewhere, and may have been changed in the store since, as when a face in it was erased.
 */
export const HAND_OVER_MS = 10_000;

interface Offer {
  readonly object: Uint8Array;
  readonly until: number;
}

/**
 * What one stage has just stored, for the next stage of the same process to pick up without asking the store.
 *
 * A short cut, never the only way: an object is offered after it was stored, handed out once, and the oldest gives way
 * when the room is used up. Whoever finds nothing here reads the store, as a stage in another process always does.
 * Only for objects whose key says what is in them (content and model contract), and only for a short time.
 */
export class HandOver {
  private readonly offered = new Map<string, Offer>();
  private bytes = 0;

  /** `maxBytes` 0 offers nothing: for a process that runs one stage. */
  constructor(
    private readonly maxBytes = 0,
    private readonly maxAgeMs = HAND_OVER_MS,
  ) {}

  offer(key: string, object: Uint8Array): void {
    if (object.byteLength > this.maxBytes) return;
    this.take(key);
    this.offered.set(key, { object, until: performance.now() + this.maxAgeMs });
    this.bytes += object.byteLength;
    for (const oldest of this.offered.keys()) {
      if (this.bytes <= this.maxBytes) return;
      this.take(oldest);
    }
  }

  take(key: string): Uint8Array | undefined {
    const offer = this.offered.get(key);
    if (offer === undefined) return undefined;
    this.offered.delete(key);
    this.bytes -= offer.object.byteLength;
    return offer.until > performance.now() ? offer.object : undefined;
  }
}
