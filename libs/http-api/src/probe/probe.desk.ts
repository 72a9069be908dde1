import { randomUUID } from 'node:crypto';
import { type PROBES, StageError } from '@facelane/contracts';
import type { ObjectStore } from '@facelane/object-store';
import type { PipelineBelt } from '@facelane/queue';
import { timeLimit } from '../async/time.limit.js';
import { OpenProbe } from './open.probe.js';
import { ProbeEnds } from './probe.ends.js';
import type { ProbeAnswer, ProbeQuestion } from './probe.question.js';
import { ProbeScratch } from './probe.scratch.js';

export type { ProbeAnswer, ProbeQuestion };

export interface ProbeDeskOptions {
  /** Longest wait for an answer, in milliseconds. Default 60 000. */
  readonly timeoutMs?: number;
  /** Without news for this long the job itself is looked at, in milliseconds. Default 1 000. */
  readonly quietMs?: number;
  /** Told of what could not be tidied away; `sweep` does it later. */
  readonly onTrouble?: (error: unknown) => void;
}

/** A run that is waited for when the desk closes may take this long; then the sweep has what is left, milliseconds. */
const CLOSING_MS = 5_000;

/**
 * Asks the workers questions about photos and waits for the answers, any number at a time over one event reader. When an
 * answer or a failure is told, nothing of the question is left in the store or on the belt.
 */
export class ProbeDesk {
  private readonly scratch: ProbeScratch;
  private readonly ends: ProbeEnds;
  private readonly tidying = new Set<Promise<void>>();
  private readonly closing = new AbortController();

  constructor(
    private readonly belt: PipelineBelt<typeof PROBES>,
    store: ObjectStore,
    private readonly options: ProbeDeskOptions = {},
  ) {
    this.scratch = new ProbeScratch(store);
    this.ends = new ProbeEnds(belt);
  }

  /**
   * An aborted or late question is tidied away behind the caller's back, since a run that is under way has to end first.
   *
   * @throws StageError as the worker threw it; QUEUE.TIMEOUT when no answer came in time; QUEUE.UNAVAILABLE when Redis is
   *   away.
   * @throws the reason of `signal` when it aborts.
   */
  async ask(question: ProbeQuestion, signal?: AbortSignal): Promise<ProbeAnswer> {
    if (!this.belt.connected) throw new StageError('QUEUE.UNAVAILABLE', 'Redis does not answer.');
    const { timeoutMs = 60_000, quietMs = 1_000 } = this.options;
    const limit = timeLimit(timeoutMs, signal, () => late(timeoutMs));
    const probe = new OpenProbe(randomUUID(), question, this.belt, this.scratch, this.ends, this.closing.signal);
    try {
      return await probe.answer(limit.signal, quietMs);
    } finally {
      limit.dispose();
      const tidied = this.tidy(probe);
      if (probe.settled) await tidied;
    }
  }

  /**
   * Removes what processes that died have left of questions older than this. Resolves to how many objects.
   *
   * @param olderThanMs above the longest wait of any desk and the longest run of a worker.
   */
  async sweep(tenants: readonly string[], olderThanMs: number): Promise<number> {
    let removed = 0;
    for (const tenant of tenants) removed += await this.scratch.sweep(tenant, new Date(Date.now() - olderThanMs));
    return removed;
  }

  /** Waits until what was given up is tidied away, but not long. No question may be open. */
  async close(): Promise<void> {
    const timer = setTimeout(() => this.closing.abort(new Error('The desk closes.')), CLOSING_MS);
    await Promise.all(this.tidying);
    clearTimeout(timer);
    await this.ends.close();
  }

  private async tidy(probe: OpenProbe): Promise<void> {
    const tidied = probe.tidy().catch((error: unknown) => this.options.onTrouble?.(error));
    this.tidying.add(tidied);
    await tidied;
    this.tidying.delete(tidied);
  }
}

const late = (timeoutMs: number): StageError =>
  new StageError('QUEUE.TIMEOUT', `No worker has answered within ${timeoutMs} ms.`, { safeDetails: { timeoutMs } });
