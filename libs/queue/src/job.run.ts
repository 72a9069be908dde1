import { StageError, type StageDeclaration } from '@facelane/contracts';

/** Why a run was ended from outside although it was doing nothing wrong. */
export class HandBackSignal extends Error {
  override readonly name = 'HandBackSignal';
}

/**
 * One run of one job: its abort signal, and the race between the work and whatever ends it early.
 * Work that ignores the signal cannot hold the job: its late result is dropped, which is safe because effects
 * are idempotent.
 */
export class JobRun {
  private readonly controller = new AbortController();

  constructor(private readonly stage: Pick<StageDeclaration, 'name' | 'timeoutMs'>) {}

  /** Ends the run so that another worker may have the job. */
  handBack(): void {
    this.controller.abort(new HandBackSignal('The worker is shutting down.'));
  }

  async race<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = this.controller;
    signal.throwIfAborted();
    const timer = setTimeout(() => this.controller.abort(this.timeout()), this.stage.timeoutMs);
    const aborted = Promise.withResolvers<never>();
    const onAbort = (): void => aborted.reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([work(signal), aborted.promise]);
    } catch (error) {
      // Whatever the abort made the handler throw, the reason for it is the failure.
      throw signal.aborted ? signal.reason : error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
  }

  private timeout(): StageError {
    return new StageError('QUEUE.TIMEOUT', `Stage ${this.stage.name} took longer than ${this.stage.timeoutMs} ms.`, {
      safeDetails: { timeoutMs: this.stage.timeoutMs },
    });
  }
}
