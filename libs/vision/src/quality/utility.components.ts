import type { FaceQuality } from './face-quality.js';

/** What utility is made of: a face's measures, and how sure the detector was of it, 0..1. */
export interface ScoredQuality {
  readonly quality: Omit<FaceQuality, 'interEye'> & { readonly strength?: number | undefined };
  readonly score: number;
}

export interface UtilityComponent {
  readonly name: string;
  /** In the unit of the measure, as `worst` and `best` are. */
  readonly measure: (face: ScoredQuality) => number | undefined;
  /** Here and beyond, the component is 0; at `best` and beyond it is 1; between the two it is a straight line. */
  readonly worst: number;
  readonly best: number;
}

const cosineOf = (degrees: number): number => Math.cos((degrees * Math.PI) / 180);

/**
 * Each best value is one that nearly every usable face of Labeled Faces in the Wild reaches, each worst value one at
 * which there is nothing left to recognise. The score counts by its nines, since detectors crowd them below 1: on LFW
 * view 1 a twentieth is below 0.9997 and a half above 0.999995. Turning is by its cosine, the share of the face's width
 * or height that is still seen. The distance of the eyes is left out: it says again what size and yaw say.
 */
export const UTILITY_COMPONENTS: readonly UtilityComponent[] = [
  { name: 'detector score, nines', measure: ({ score }) => -Math.log10(Math.max(0, 1 - score)), worst: 0, best: 6 },
  { name: 'shorter side, pixels', measure: ({ quality }) => quality.minSide, worst: 10, best: 80 },
  { name: 'sharpness', measure: ({ quality }) => quality.sharpness, worst: 0, best: 60 },
  { name: 'brightness, from dark', measure: ({ quality }) => quality.brightness, worst: 10, best: 80 },
  { name: 'brightness, from bright', measure: ({ quality }) => quality.brightness, worst: 250, best: 200 },
  { name: 'contrast', measure: ({ quality }) => quality.contrast, worst: 5, best: 35 },
  { name: 'cosine of yaw', measure: ({ quality }) => cosineOf(quality.yaw), worst: 0, best: 1 },
  { name: 'cosine of pitch', measure: ({ quality }) => cosineOf(quality.pitch), worst: 0, best: 1 },
  { name: 'roll, degrees', measure: ({ quality }) => Math.abs(quality.roll), worst: 90, best: 0 },
  // Known of embedded faces alone.
  { name: 'strength', measure: ({ quality }) => quality.strength, worst: 0, best: 1 },
  // Half: what is left of a cut face is often enough.
  { name: 'cut by the frame', measure: ({ quality }) => Number(quality.cut), worst: 2, best: 0 },
];
