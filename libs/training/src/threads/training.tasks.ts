import type { LearnedHead } from '../siamese/learn-pair-head.js';
import type { LabelledPairs } from '../siamese/pair-head.js';
import type { PrincipalComponents } from '../eigenfaces/principal-components.js';

/** What the thread of this room does, by name: what goes in, what comes out. */
export interface TrainingTasks {
  principalComponents: {
    input: { readonly samples: Float32Array; readonly values: number; readonly wanted: number };
    output: PrincipalComponents;
  };
  learnPairHead: { input: LabelledPairs; output: LearnedHead };
}
