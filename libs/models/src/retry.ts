import { setTimeout as delay } from 'node:timers/promises';
import { EnvironmentError } from '@facelane/contracts';
import { TransientFetchError } from './sources/fetcher.js';

export interface RetryOptions {
  /** Tries in all. Default 3. */
  readonly attempts?: number | undefined;
  /** Wait before the second try, milliseconds; doubles with every further one. Default 1000. */
  readonly baseDelayMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Tries again only what another try may mend; the last failure becomes a sentence about the network. */
export async function withRetries<T>(work: () => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const { attempts = 3, baseDelayMs = 1000, signal } = options;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof TransientFetchError)) throw error;
      if (attempt >= attempts) {
        throw new EnvironmentError(
          `${error.message} (tried ${attempts} times)`,
          'Check the network and proxy settings and run the command again; files that arrived are kept.',
          { cause: error },
        );
      }
      await delay(baseDelayMs * 2 ** (attempt - 1), undefined, signal && { signal });
    }
  }
}
