import { Worker } from 'node:worker_threads';
import { compiledFile } from '@facelane/threads';
import { StageError } from '@facelane/contracts';
import { fromWireError } from './embedded.errors.js';
import type {
  EmbeddedWorkerData,
  IndexAnswers,
  IndexRequest,
  ReplyMessage,
  RequestMessage,
} from './embedded.protocol.js';

interface Pending {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The caller's end of the database's thread: asks, and matches answers to questions.
 *
 * Written by hand rather than a pool of one, since the thread answers many questions with one commit and keeps a
 * connection open; a pool hands out tasks one at a time and may retire the thread. The thread starts with the first
 * question and keeps the process alive only while one is open. Should it die, open questions fail with
 * INDEX.UNAVAILABLE and the next one starts another.
 */
export class EmbeddedClient {
  readonly #data: EmbeddedWorkerData;
  readonly #onAdvice: (message: string) => void;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #lastId = 0;

  constructor(data: EmbeddedWorkerData, onAdvice: (message: string) => void) {
    this.#data = data;
    this.#onAdvice = onAdvice;
  }

  get started(): boolean {
    return this.#worker !== undefined;
  }

  async ask<R extends IndexRequest>(request: R, transfer: ArrayBuffer[] = []): Promise<IndexAnswers[R['op']]> {
    const worker = (this.#worker ??= this.#start());
    const id = (this.#lastId += 1);
    const answered = new Promise<unknown>((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    worker.ref();
    worker.postMessage({ id, request } satisfies RequestMessage, transfer);
    // The thread is this room's own code, compiled with the same protocol.
    return (await answered) as IndexAnswers[R['op']];
  }

  #start(): Worker {
    const worker = new Worker(compiledFile(import.meta.url, './embedded.worker.js'), {
      workerData: this.#data,
      // Node 22 and 24 announce node:sqlite as experimental on the first use; users can do nothing about it.
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    worker.on('message', (message: ReplyMessage) => this.#settle(worker, message));
    worker.on('error', (error) => this.#lose(worker, error));
    worker.on('exit', () => this.#lose(worker, undefined));
    return worker;
  }

  #settle(worker: Worker, message: ReplyMessage): void {
    if ('advice' in message) {
      this.#onAdvice(message.advice);
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (this.#pending.size === 0) worker.unref();
    if ('error' in message) pending?.reject(fromWireError(message.error));
    else pending?.resolve(message.answer);
  }

  #lose(worker: Worker, cause: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const lost = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of lost) {
      reject(new StageError('INDEX.UNAVAILABLE', `The thread of the face index ${this.#data.file} died.`, { cause }));
    }
  }
}
