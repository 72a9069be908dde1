import { PIPELINE, type StageDeclaration, type StageHandler, type StageName } from '@facelane/contracts';
import { bindHandlers, type DeadLetter, type NamedHandler, PipelineBelt, type StageWorker } from '@facelane/queue';
import type { FailureRecorder } from '@facelane/stages';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { RuntimeOptions } from './runtime.options.js';

/** Runs the stages of this process from the moment the application is up until it is asked to stop. */
export class StageWorkers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly workers: StageWorker<StageDeclaration>[] = [];

  constructor(
    private readonly stages: readonly StageName[],
    private readonly handlers: readonly NamedHandler[],
    private readonly belt: PipelineBelt,
    private readonly failures: FailureRecorder,
    private readonly options: RuntimeOptions,
  ) {}

  onApplicationBootstrap(): void {
    const bound = bindHandlers(PIPELINE, this.stages, this.handlers);
    for (const stage of this.stages) this.workers.push(this.start(stage, bound.get(stage)!));
    this.options.log.info({ stages: this.stages }, 'stages running');
  }

  async beforeApplicationShutdown(): Promise<void> {
    const { drainTimeoutMs } = this.options.config.queue;
    await Promise.all(this.workers.map((worker) => worker.drain(drainTimeoutMs)));
  }

  private start(name: StageName, handler: NamedHandler): StageWorker<StageDeclaration> {
    const { config, log, onRun } = this.options;
    const concurrency = config.queue.concurrency[name];
    return this.belt.startWorker<StageDeclaration>({
      stage: PIPELINE.stages[name],
      // bindHandlers has matched handler and stage; the queue parses what it hands over.
      handler: handler.handle as StageHandler<StageDeclaration>,
      onDeadLetter: (letter) => this.file(letter),
      onError: (error) => log.warn({ stage: name }, error.message),
      ...(onRun && { onRun }),
      ...(concurrency !== undefined && { tuning: { concurrency } }),
    });
  }

  private async file(letter: DeadLetter): Promise<void> {
    const filed = await this.failures.record(letter);
    const { stage, attempts, failure } = letter;
    this.options.log.warn({ stage, attempts, code: failure.code, filed }, 'dead letter');
  }
}
