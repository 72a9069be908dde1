import { type ProbeJob, type PROBES, sourceName, StageError } from '@facelane/contracts';
import { type PipelineBelt, stageErrorOf } from '@facelane/queue';
import { unlessAborted } from '../async/time.limit.js';
import type { ProbeAnswer, ProbeQuestion } from './probe.question.js';
import type { ProbeEnds } from './probe.ends.js';
import type { ProbeScratch } from './probe.scratch.js';

/** One question on its way: asked once, and tidied away after that. */
export class OpenProbe {
  private added: Promise<void> | undefined;
  private answered = false;
  private failed = false;

  constructor(
    private readonly id: string,
    private readonly question: ProbeQuestion,
    private readonly belt: PipelineBelt<typeof PROBES>,
    private readonly scratch: ProbeScratch,
    private readonly ends: ProbeEnds,
    private readonly closing: AbortSignal,
  ) {}

  /** Whether no worker has or will have to do with it any more. */
  get settled(): boolean {
    return this.answered || this.failed || this.added === undefined;
  }

  async answer(signal: AbortSignal, quietMs: number): Promise<ProbeAnswer> {
    signal.throwIfAborted();
    const job = await this.job(signal);
    const news = await this.ends.expect(this.id, signal);
    this.added = this.belt.queues.add('probe', [job]);
    await unlessAborted(signal, this.added);
    for (;;) {
      const heard = await news.next(quietMs, signal);
      const answer = await unlessAborted(signal, this.look(job, heard === 'completed', signal));
      if (answer !== undefined) return answer;
    }
  }

  /**
   * Removes what is left of it. A job that runs is waited for first, or it would write its answer afterwards. The objects
   * go in any case: what is written after all is left to the sweep.
   */
  async tidy(): Promise<void> {
    this.ends.forget(this.id);
    try {
      // The addition may be under way still; nothing can be withdrawn before.
      await this.added?.catch(() => undefined);
      if (this.added !== undefined && !this.answered) await this.belt.withdrawals.withdraw(this.id, this.closing);
    } finally {
      await this.scratch.clear(this.question.tenant, this.id);
    }
  }

  private async job(signal: AbortSignal): Promise<ProbeJob> {
    const { question, id: assetId } = this;
    const { tenant, contract, want } = question;
    const source =
      'source' in question ? question.source : await this.scratch.keepPhoto(tenant, assetId, question.bytes, signal);
    return { tenant, assetId, contract, lane: 'interactive', source, want };
  }

  /**
   * The answer when there is one. Events are a convenience: a job that is found neither on the belt nor answered was lost
   * with Redis, and is added again.
   */
  private async look(job: ProbeJob, completed: boolean, signal: AbortSignal): Promise<ProbeAnswer | undefined> {
    const { queues } = this.belt;
    if (!completed) {
      const failure = await queues.failureOf('probe', this.id);
      if (failure !== undefined) {
        this.failed = true;
        throw this.named(stageErrorOf(failure), job);
      }
      if ((await queues.locate(this.id)) !== undefined) return undefined;
    }
    const answer = await this.scratch.answer(job.tenant, this.id, signal);
    this.answered = answer !== undefined;
    if (answer === undefined) await queues.add('probe', [job]);
    return answer;
  }

  /** A photo that was handed in has no name that its owner would know. */
  private named(error: StageError, { source }: ProbeJob): StageError {
    if ('source' in this.question) return error;
    const message = error.message.replaceAll(sourceName(source), 'The photo');
    return new StageError(error.code, message, { retry: error.retry, safeDetails: error.safeDetails, cause: error });
  }
}
