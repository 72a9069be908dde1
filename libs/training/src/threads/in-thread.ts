import { Piscina } from 'piscina';
import { compiledFile } from '@facelane/threads';
import type { TrainingTasks } from './training.tasks.js';

/** Runs one task in a thread of its own, which ends with it; aborted, the thread is ended. */
export async function inThread<Name extends keyof TrainingTasks>(
  name: Name,
  input: TrainingTasks[Name]['input'],
  signal?: AbortSignal,
): Promise<TrainingTasks[Name]['output']> {
  const pool = new Piscina({
    filename: compiledFile(import.meta.url, './training.worker.js').href,
    minThreads: 1,
    maxThreads: 1,
  });
  try {
    // The thread runs this room's own code, compiled with the same table of tasks.
    return (await pool.run(input, { name, ...(signal && { signal }) })) as TrainingTasks[Name]['output'];
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    await pool.destroy();
  }
}
