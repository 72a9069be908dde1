import { type ResolvedContract, vectorDimension } from '@facelane/models';
import { distanceAt, type Size } from '@facelane/vision';
import { fitDetector } from '../detectors/detector.session.js';

/** What others need to know of the contract an engine runs. */
export interface EngineContract {
  readonly id: string;
  /** Values per vector. */
  readonly dimension: number;
  /** Size of `DetectionInput.detectorInput` for a working image of this size. */
  readonly detectorInput: (image: Size) => Size;
  /** Longest side of `DetectionInput.image`, pixels. */
  readonly maxImageSide: number;
  /** Cosine by false match rate, keys like `1e-3`, whatever the metric. */
  readonly thresholds: Readonly<Record<string, number>>;
  /** What the cosine of two vectors is as a distance; absent where the contract's metric is the cosine itself. */
  readonly distance?: (cosine: number) => number;
}

export function describeContract(contract: ResolvedContract): EngineContract {
  const { id, detector, settings, metric, thresholds } = contract;
  return {
    id,
    dimension: vectorDimension(contract),
    detectorInput: (image) => fitDetector(detector, image).content,
    maxImageSide: settings.maxImageSide,
    thresholds,
    ...(metric !== undefined && metric !== 'cosine' && { distance: (cosine) => distanceAt(cosine, settings.radius) }),
  };
}
