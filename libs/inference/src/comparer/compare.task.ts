import { StageError } from '@facelane/contracts';
import type { Sessions } from '../worker/sessions.js';
import type { ComparerSetup, ComparerTasks } from './comparer.messages.js';

type Compare = ComparerTasks['comparePairs'];

/** Probabilities that the two vectors of each pair are of one person, one run of the comparer. */
export async function comparePairs(
  sessions: Sessions,
  { comparer }: ComparerSetup,
  { first, second }: Compare['input'],
): Promise<Compare['output']> {
  const { inputs, dimension } = comparer;
  const shape = [first.length / dimension, dimension];
  const session = await sessions.get({ ...comparer, input: { name: inputs[0] } }, { device: 'cpu' });
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
