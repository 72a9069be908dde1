/**
 * Entry of a worker thread. Each named export is a task; the pool calls it by name with plain data. One thread runs
 * one task at a time, so its sessions are never shared.
 */
import { workerData } from 'piscina';
import { probeDevice as probe } from '../devices/probe-device.js';
import { detectFaces as detect, findBoxes as boxes } from './detect.task.js';
import { embedCrops as embed } from './embed.task.js';
import type { WorkerSetup, WorkerTasks } from './messages.js';
import { outcome } from './outcome.js';
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
  outcome(embed(sessions, setup, input), ({ vectors, lengths }) => [vectors, lengths]);

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
