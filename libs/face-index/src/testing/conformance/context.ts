import type { FaceIndex, IndexContract, IndexedPoint } from '../../face-index.port.js';
import type { SampleScope } from '../samples.js';

/** What every part of the suite works with; filled before its first test. */
export interface ConformanceContext {
  readonly index: FaceIndex;
  /** Ensured, and of no other suite. */
  readonly contract: IndexContract;
  /** Another driver on the same store: it stands for another process. */
  readonly open: () => FaceIndex;
  readonly all: (scope: SampleScope, pageSize?: number) => Promise<IndexedPoint[]>;
}
