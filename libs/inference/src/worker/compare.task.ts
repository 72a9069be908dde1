import { StageError } from '@facelane/contracts';
import type { WorkerSetup, WorkerTasks } from './messages.js';
import type { Sessions } from './sessions.js';

type Compare = WorkerTasks['comparePairs'];

/** Probabilities that the two vectors of each pair are of one person, one run of the contract's comparer. */
export async function comparePairs(
  sessions: Sessions,
  { contract, device }: WorkerSetup,
  { first, second }: Compare['input'],
): Promise<Compare['output']> {
  const { comparer } = contract;
  if (comparer === undefined) throw new TypeError(`The contract ${contract.id} has no comparer.`);
  const { inputs, dimension } = comparer;
  const shape = [first.length / dimension, dimension];
  const session = await sessions.get({ ...comparer, input: { name: inputs[0] } }, { device });
  session.requireInput(shape);
  const [probabilities] = await session.run(first, shape, { [inputs[1]]: { data: second, shape } });
  if (probabilities!.length !== shape[0] || !probabilities!.every((value) => value >= 0 && value <= 1)) {
    throw new StageError(
      'INFERENCE.MODEL_CORRUPT',
      `The comparer ${comparer.id} does not give a probability for each pair.`,
      { safeDetails: { model: comparer.id } },
    );
  }
  return { probabilities: Float32Array.from(probabilities!) };
}
