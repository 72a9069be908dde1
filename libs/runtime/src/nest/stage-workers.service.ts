import type { RuntimeOptions } from '@facelane/boot';
import { PIPELINE, type StageDeclaration, type StageHandler, type StageName } from '@facelane/contracts';
import { bindHandlers, type DeadLetter, type NamedHandler, PipelineBelt, type StageWorker } from '@facelane/queue';
import type { FailureRecorder } from '@facelane/stages';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';

/** Runs the stages of this process from the moment the application is up until it is asked to stop. */
export class StageWorkers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly workers: StageWorker<StageDeclaration>[] = [];
  private connected = false;

  constructor(
    private readonly stages: readonly StageName[],
    private readonly handlers: readonly NamedHandler[],
    private readonly belt: PipelineBelt,
    private readonly failures: FailureRecorder,
    private readonly options: RuntimeOptions,
  ) {}

  /** Does not wait for Redis: workers take their first job whenever it is there. */
  onApplicationBootstrap(): void {
    const bound = bindHandlers(PIPELINE, this.stages, this.handlers);
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

  private start(name: StageName, handler: NamedHandler): StageWorker<StageDeclaration> {
    const { config, log, onRun } = this.options;
    const { concurrency, lockMs } = config.queue;
    return this.belt.startWorker<StageDeclaration>({
      stage: PIPELINE.stages[name],
      // bindHandlers has matched handler and stage; the queue parses what it hands over.
      handler: handler.handle as StageHandler<StageDeclaration>,
      onDeadLetter: (letter) => this.file(letter),
      onError: (error) => log[isAboutConnection(error) ? 'debug' : 'warn']({ stage: name }, error.message),
      ...(onRun && { onRun }),
      tuning: { concurrency: concurrency[name], ...(lockMs !== undefined && { lockMs }) },
    });
  }

  private async file(letter: DeadLetter): Promise<void> {
    const filed = await this.failures.record(letter);
    const { stage, attempts, failure } = letter;
    this.options.log.warn({ stage, attempts, code: failure.code, filed }, 'dead letter');
  }
}

/** The belt's own connection tells of an outage once; every worker's would repeat it at every attempt. */
const isAboutConnection = (error: Error): boolean =>
  ('code' in error && /^E[A-Z]+$/.test(String(error.code))) || error.message === 'Connection is closed.';
