import { inThread } from '../threads/in-thread.js';
import type { LabelledPairs } from './pair-head.js';
import { siameseNetwork } from './siamese.network.js';

export interface TrainedSiamese {
  /** An ONNX file: see siameseNetwork. */
  readonly network: Uint8Array;
  /** See LearnedHead. */
  readonly penalty: number;
  readonly loss: number;
  readonly cosineLoss: number;
}

/** A head of labelled pairs of vectors, learned in a worker thread. @throws RangeError as learnPairHead. */
export async function trainSiamese(pairs: LabelledPairs, signal?: AbortSignal): Promise<TrainedSiamese> {
  const { head, ...facts } = await inThread('learnPairHead', pairs, signal);
  return { network: siameseNetwork(head), ...facts };
}
