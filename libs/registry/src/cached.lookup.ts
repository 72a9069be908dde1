/** Documents that every job asks for and hardly anybody changes. */
export interface CachedLookupOptions {
  /** How long an answer serves, in milliseconds; a change is seen after at most this long. Default 5 000. */
  readonly ttlMs?: number;
  /** Answers kept; the oldest gives way. Default 10 000. */
  readonly capacity?: number;
}

interface Entry<T> {
  readonly value: Promise<T>;
  readonly until: number;
}

/**
 * Remembers answers for a short time, so that a job need not ask the store for what the last job asked for.
 * Callers that ask at once share one question; a failed question is forgotten.
 */
export class CachedLookup<T> {
  private readonly entries = new Map<string, Entry<T>>();
  private readonly ttlMs: number;
  private readonly capacity: number;

  constructor({ ttlMs = 5_000, capacity = 10_000 }: CachedLookupOptions = {}) {
    this.ttlMs = ttlMs;
    this.capacity = capacity;
  }

  async get(key: string, ask: () => Promise<T>): Promise<T> {
    const known = this.entries.get(key);
    if (known !== undefined && known.until > performance.now()) return known.value;
    const value = ask();
    this.remember(key, value);
    try {
      return await value;
    } catch (error) {
      if (this.entries.get(key)?.value === value) this.entries.delete(key);
      throw error;
    }
  }

  /** The next caller asks again: whoever changed the document knows that the answer is out of date. */
  forget(key: string): void {
    this.entries.delete(key);
  }

  private remember(key: string, value: Promise<T>): void {
    this.entries.delete(key);
    this.entries.set(key, { value, until: performance.now() + this.ttlMs });
    if (this.entries.size <= this.capacity) return;
    const [oldest] = this.entries.keys();
    if (oldest !== undefined) this.entries.delete(oldest);
  }
}
