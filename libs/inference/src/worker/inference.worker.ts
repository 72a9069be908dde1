/**
 * Entry of a worker thread. Each named export is a task; the pool calls it by name with plain data. One thread runs
 * one task at a time, so its sessions are never shared.
 */
import { move, transferableSymbol, valueSymbol, workerData } from 'piscina';
import { StageError } from '@facelane/contracts';
import { probeDevice as probe } from '../devices/probe-device.js';
import { detectFaces as detect, findBoxes as boxes } from './detect.task.js';
import { comparePairs as compare } from './compare.task.js';
import { embedCrops as embed } from './embed.task.js';
import type { WorkerOutcome, WorkerSetup, WorkerTasks } from './messages.js';
import { Sessions } from './sessions.js';
import { giveWay } from './thread-priority.js';

const setup = workerData as WorkerSetup;
// A GPU's thread mostly waits for the card.
if (setup.device === 'cpu') giveWay();

const sessions = new Sessions();

export const detectFaces = (input: WorkerTasks['detectFaces']['input']): Promise<unknown> =>
  outcome(detect(sessions, setup, input), ({ crops }) => [crops]);

export const findBoxes = (input: WorkerTasks['findBoxes']['input']): Promise<unknown> =>
  outcome(boxes(sessions, setup, input), () => []);

export const embedCrops = (input: WorkerTasks['embedCrops']['input']): Promise<unknown> =>
  outcome(embed(sessions, setup, input), ({ vectors }) => [vectors]);

export const comparePairs = (input: WorkerTasks['comparePairs']['input']): Promise<unknown> =>
  outcome(compare(sessions, setup, input), ({ probabilities }) => [probabilities]);

export const probeDevice = (): Promise<unknown> =>
  outcome(
    probe(setup.contract.embedder, setup.device).then((executes) => ({ executes })),
    () => [],
  );

/** Frees native memory before the thread ends; the garbage collector does not see it. */
export const release = (): Promise<unknown> =>
  outcome(
    sessions.release().then(() => ({})),
    () => [],
  );

/** Settles to data that survives the way between threads; buffers are moved, not copied. */
async function outcome<T>(work: Promise<T>, owned: (value: T) => readonly ArrayBufferView[]): Promise<unknown> {
  try {
    const value = await work;
    const result: WorkerOutcome<T> = { ok: true, value };
    return move({
      [transferableSymbol]: owned(value).map(({ buffer }) => buffer),
      [valueSymbol]: result,
    });
  } catch (error) {
    const { code, message, retry, safeDetails } = describe(error);
    const result: WorkerOutcome<T> = { ok: false, code, message, retry, safeDetails };
    return result;
  }
}

function describe(error: unknown): StageError {
  if (error instanceof StageError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new StageError('INFERENCE.FAILED', `Inference failed: ${message}`);
}
