import { type AnyPipeline, StageError, type StageDeclaration, type StageHandler } from '@facelane/contracts';
import type { Job } from 'bullmq';
import { JobInvalidError, OutputInvalidError } from './job-invalid.error.js';
import type { QueuedAsset } from './stage.job.js';
import type { StageQueues } from './stage.queues.js';

/** A worker may die this often on one job before the job is taken for its killer. */
const MAX_STALLED = 10;

/** What is done with one job of a stage: parse, run the handler, check its output, put the next hop on the belt. */
export class StageStep {
  constructor(
    private readonly stage: StageDeclaration,
    private readonly handler: StageHandler<never>,
    private readonly queues: StageQueues<AnyPipeline>,
  ) {}

  /** Resolves to the output of the last stage, and to nothing when the output went to the next one. */
  async run(job: Job<unknown>, signal: AbortSignal): Promise<unknown> {
    if (job.stalledCounter > MAX_STALLED) throw this.stalled(job.stalledCounter);
    const input = this.stage.input.safeParse(job.data);
    if (!input.success) throw new JobInvalidError(this.stage.name, input.error);
    const returned: unknown = await this.handler(input.data as never, { signal, attempt: job.attemptsMade + 1 });
    // A handler that ignored the signal must not move the asset on: the job is somebody else's by now.
    signal.throwIfAborted();
    const output = this.stage.output.safeParse(returned);
    if (!output.success) throw new OutputInvalidError(this.stage.name, output.error);
    if (this.stage.next === null) return output.data;
    await this.hop(this.stage.next, output.data as QueuedAsset);
    return undefined;
  }

  /** The next hop is on the belt before this job is done: a crash between the two repeats work and loses none. */
  private async hop(next: string, output: QueuedAsset): Promise<void> {
    try {
      await this.queues.enqueue(next, [output]);
    } catch (error) {
      throw error instanceof JobInvalidError ? new OutputInvalidError(this.stage.name, error) : error;
    }
  }

  private stalled(times: number): StageError {
    return new StageError('QUEUE.STALLED', `Workers of stage ${this.stage.name} died ${times} times on this job.`, {
      safeDetails: { times },
    });
  }
}
