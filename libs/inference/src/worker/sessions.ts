import { OrtSession, type NetworkSource, type SessionOptions } from './ort-session.js';

/** Loads each network once per device and keeps it; a failed load is forgotten, so that a later call tries again. */
export class Sessions {
  readonly #loads = new Map<string, Promise<OrtSession>>();

  get(source: NetworkSource, options: SessionOptions): Promise<OrtSession> {
    const key = `${options.device}|${source.path}|${source.sha256}`;
    const known = this.#loads.get(key);
    if (known !== undefined) return known;
    const load = OrtSession.load(source, options).catch((error: unknown) => {
      this.#loads.delete(key);
      throw error;
    });
    this.#loads.set(key, load);
    return load;
  }

  /** Releases every session; the next get loads afresh. */
  async release(): Promise<void> {
    const loads = [...this.#loads.values()];
    this.#loads.clear();
    for (const load of await Promise.allSettled(loads)) {
      if (load.status === 'fulfilled') await load.value.release();
    }
  }
}
