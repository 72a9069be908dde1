import { Piscina } from 'piscina';
import { StageError } from '@facelane/contracts';
import type { WorkerOutcome } from '../worker/messages.js';
import { type LaneOrder, NO_ORDER } from '../lanes/lane.order.js';
import { type TaskOptions, TaskQueue } from './task-queue.js';

export interface WorkerPoolOptions {
  /** Compiled JavaScript whose named exports are the tasks. */
  readonly filename: string;
  readonly threads: number;
  /** Handed to each thread when it starts. */
  readonly workerData: unknown;
  /** Tasks of each lane that may wait for a thread, from 1; one more is refused. Default 256. */
  readonly maxQueued?: number | undefined;
  /** Default: bulk tasks begin whenever no interactive one waits. */
  readonly order?: LaneOrder | undefined;
}

export interface RunOptions extends TaskOptions {
  /** Moved to the thread, not copied: unusable here afterwards. */
  readonly transfer?: readonly ArrayBufferLike[];
}

/**
 * Runs tasks in a fixed number of worker threads, each lane's in order of arrival. `Tasks` says what each takes and gives, by name.
 *
 * Waiting happens here and not inside piscina for two reasons: piscina kills the thread of a running task that is
 * aborted, and with it sessions that take long to load; and the batcher must know how many threads are idle.
 */
export class WorkerPool<Tasks extends { [Name in keyof Tasks]: { input: unknown; output: unknown } }> {
  readonly #piscina: Piscina;
  readonly #queue: TaskQueue;
  #closing: Promise<void> | undefined;

  constructor(private readonly options: WorkerPoolOptions) {
    this.#queue = new TaskQueue(options.threads, options.maxQueued ?? 256, options.order ?? NO_ORDER);
    this.#piscina = new Piscina({
      filename: options.filename,
      workerData: options.workerData,
      minThreads: options.threads,
      maxThreads: options.threads,
      concurrentTasksPerWorker: 1,
      // Blocking on Atomics saves microseconds per task, which last milliseconds here, and stops the thread's own event loop.
      atomics: 'disabled',
    });
    // A thread that dies without a task is replaced, and there is nobody to tell; unheard, the event would end the process.
    this.#piscina.on('error', () => undefined);
  }

  get threads(): number {
    return this.options.threads;
  }

  /** Threads without work, now. */
  get idleThreads(): number {
    return this.#queue.idle;
  }

  /** Calls back whenever a thread becomes free and no task waits for it. */
  onIdle(listener: () => void): void {
    this.#queue.onIdle(listener);
  }

  /**
   * Runs one task. An abort takes a waiting task off the queue; a running one is let go (its thread finishes, its
   * result is dropped). Both reject with the signal's reason.
   *
   * @throws StageError of the task; INFERENCE.FAILED when its thread died; INFERENCE.OVERLOADED when too many wait.
   */
  run<Name extends keyof Tasks & string>(
    name: Name,
    input: Tasks[Name]['input'],
    options: RunOptions = {},
  ): Promise<Tasks[Name]['output']> {
    if (this.#closing !== undefined) {
      return Promise.reject(new StageError('INFERENCE.FAILED', `${name} came while inference was shutting down.`));
    }
    return this.#queue.add(() => this.#dispatch(name, input, options.transfer ?? []), options);
  }

  /** Finishes what runs and waits, frees native memory in every thread, and ends the threads. May be called twice. */
  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  async #dispatch<Name extends keyof Tasks & string>(
    name: Name,
    input: Tasks[Name]['input'],
    transfer: readonly ArrayBufferLike[],
  ): Promise<Tasks[Name]['output']> {
    const run = this.#piscina.run(input, { name, transferList: [...transfer] as ArrayBuffer[] });
    const outcome = await (run as Promise<WorkerOutcome<Tasks[Name]['output']>>).catch((cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new StageError('INFERENCE.FAILED', `The worker thread of ${name} was lost: ${reason}`, { cause });
    });
    if (outcome.ok) return outcome.value;
    const { code, message, retry, safeDetails } = outcome;
    throw new StageError(code, message, { retry, safeDetails });
  }

  async #shutDown(): Promise<void> {
    await this.#queue.drained();
    // With all threads idle, as many tasks at once land on as many threads.
    const releases = Array.from({ length: this.threads }, () => this.#piscina.run({}, { name: 'release' }));
    await Promise.allSettled(releases);
    await this.#piscina.destroy();
  }
}
