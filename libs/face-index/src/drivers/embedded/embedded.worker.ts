import { isMainThread, parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { EmbeddedAdvice } from './embedded.advice.js';
import { toFileError, toWireError } from './embedded.errors.js';
import type { EmbeddedWorkerData, ReplyMessage, RequestMessage } from './embedded.protocol.js';
import { EmbeddedSession } from './embedded.session.js';

/**
 * Entry of the thread that holds the database: takes what has arrived, in order, and answers it.
 *
 * node:sqlite is synchronous, so requests pile up during each statement. Draining them together makes one
 * transaction of the writes of many callers (group commit), which is worth most when writes are small.
 */
function serve(port: MessagePort, data: EmbeddedWorkerData): void {
  const reply = (message: ReplyMessage, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);
  const session = new EmbeddedSession(data, new EmbeddedAdvice(data.adviseAbove, (advice) => reply({ advice })));
  let waiting: RequestMessage[] = [];

  const drain = (): void => {
    const taken = waiting;
    waiting = [];
    for (const { id, outcome } of session.handle(taken)) {
      if ('error' in outcome) reply({ id, error: toWireError(toFileError(outcome.error, data.file)) });
      else reply({ id, answer: outcome.answer }, outcome.transfer);
    }
    if (session.closed) port.close();
  };

  port.on('message', (message: RequestMessage) => {
    if (waiting.push(message) === 1) setImmediate(drain);
  });
}

if (isMainThread || parentPort === null) throw new Error('This file is the entry of a worker thread.');
serve(parentPort, workerData as EmbeddedWorkerData);
