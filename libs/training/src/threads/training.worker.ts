/** Entry of a worker thread. Each named export is a task; the pool calls it by name with plain data. */
import { principalComponents as componentsOf } from '../eigenfaces/principal-components.js';
import { learnPairHead as learnHead } from '../siamese/learn-pair-head.js';
import type { TrainingTasks } from './training.tasks.js';

type Components = TrainingTasks['principalComponents'];

export const principalComponents = ({ samples, values, wanted }: Components['input']): Components['output'] =>
  componentsOf(samples, values, wanted);

export const learnPairHead = (
  pairs: TrainingTasks['learnPairHead']['input'],
): TrainingTasks['learnPairHead']['output'] => learnHead(pairs);
