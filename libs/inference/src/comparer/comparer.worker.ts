/** Entry of the thread that compares pairs of vectors; see inference.worker.ts for the rules of such a thread. */
import { workerData } from 'piscina';
import { outcome } from '../worker/outcome.js';
import { Sessions } from '../worker/sessions.js';
import { giveWay } from '../worker/thread-priority.js';
import { comparePairs as compare } from './compare.task.js';
import type { ComparerSetup, ComparerTasks } from './comparer.messages.js';

const setup = workerData as ComparerSetup;
giveWay();

const sessions = new Sessions();

export const comparePairs = (input: ComparerTasks['comparePairs']['input']): Promise<unknown> =>
  outcome(compare(sessions, setup, input), ({ probabilities }) => [probabilities]);

export const release = (): Promise<unknown> =>
  outcome(
    sessions.release().then(() => ({})),
    () => [],
  );
