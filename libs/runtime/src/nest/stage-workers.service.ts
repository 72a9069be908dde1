import type { Belts, RuntimeOptions } from '@facelane/boot';
import {
  type AnyStageName,
  EVERY_STAGE,
  PIPELINE,
  PROBES,
  type StageDeclaration,
  type StageHandler,
  STAGES,
} from '@facelane/contracts';
import {
  bindHandlers,
  type DeadLetter,
  isConnectionTrouble,
  type NamedHandler,
  type StageWorker,
} from '@facelane/queue';
import type { FailureRecorder } from '@facelane/stages';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';

/** Runs the stages of this process from the moment the application is up until it is asked to stop. */
export class StageWorkers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly workers: StageWorker<StageDeclaration>[] = [];
  private connected = false;

  constructor(
    private readonly stages: readonly AnyStageName[],
    private readonly handlers: readonly NamedHandler[],
    private readonly belts: Belts,
    private readonly failures: FailureRecorder,
    private readonly options: RuntimeOptions,
  ) {}

  /** Does not wait for Redis: workers take their first job whenever it is there. */
  onApplicationBootstrap(): void {
    const bound = bindHandlers({ order: EVERY_STAGE }, this.stages, this.handlers);
    for (const stage of this.stages) this.workers.push(this.start(stage, bound.get(stage)!));
    void this.announce();
  }

  async beforeApplicationShutdown(): Promise<void> {
    const drained = Promise.all(this.workers.map((worker) => worker.drain(this.options.config.queue.drainTimeoutMs)));
    // Without Redis there was never a job, and nothing to wait for.
    if (this.connected) await drained;
  }

  private async announce(): Promise<void> {
    try {
      await Promise.all(this.workers.map((worker) => worker.ready()));
      this.connected = true;
      this.options.log.info({ stages: this.stages }, 'stages running');
    } catch {
      // Stopped before Redis was there.
    }
  }

  private start(name: AnyStageName, handler: NamedHandler): StageWorker<StageDeclaration> {
    const { config, log, onRun } = this.options;
    const { concurrency, lockMs } = config.queue;
    const stage: StageDeclaration = STAGES[name];
    return this.belts.of(name).startWorker<StageDeclaration>({
      stage,
      // bindHandlers has matched handler and stage; the queue parses what it hands over.
      handler: handler.handle as StageHandler<StageDeclaration>,
      // Whoever asks a question is told there that it failed; nobody looks for it later.
      ...(!(name in PROBES.stages) && { onDeadLetter: (letter) => this.file(letter) }),
      // The belt's own connection tells of an outage once; every worker's would repeat it at every attempt.
      onError: (error) => log[isConnectionTrouble(error) ? 'debug' : 'warn']({ stage: name }, error.message),
      ...(onRun && { onRun }),
      tuning: { concurrency: concurrency[name], ...(lockMs !== undefined && { lockMs }) },
    });
  }

  /** An asset's failure is its result; work on what was tagged before has no document to fail in. */
  private async file(letter: DeadLetter): Promise<void> {
    const { stage, attempts, failure } = letter;
    const filed = stage in PIPELINE.stages && (await this.failures.record(letter));
    this.options.log.warn({ stage, attempts, code: failure.code, filed }, 'dead letter');
  }
}
