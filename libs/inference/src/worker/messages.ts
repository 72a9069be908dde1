import type { ResolvedContract } from '@facelane/models';
import type { FaceQualityRecord } from '@facelane/contracts';
import type { Box, Detection, FivePoints, RgbImage } from '@facelane/vision';
import type { ErrorCode, Retry } from '@facelane/contracts';
import type { Device } from '../devices/device.table.js';

/** What a worker thread is told once, when it starts. */
export interface WorkerSetup {
  readonly contract: ResolvedContract;
  readonly device: Device;
  /** Faces kept per photo, best score first. */
  readonly maxFaces: number;
}

export interface DetectionInput {
  /** The photo upright in sRGB, its longer side at most the contract's maxImageSide. Crops are cut from it. */
  readonly image: RgbImage;
  /** The same photo resized to what the detector takes of it (`EngineContract.detectorInput`). */
  readonly detectorInput: RgbImage;
}

/** Coordinates are pixels of the working image. */
export interface FoundFace {
  readonly box: Box;
  readonly score: number;
  readonly fivePoints: FivePoints;
  readonly quality: FaceQualityRecord;
}

export interface DetectionResult {
  /** Best score first. */
  readonly faces: readonly FoundFace[];
  /** faces × 112 × 112 × 3 bytes RGB, aligned, in the order of `faces`. */
  readonly crops: Uint8Array;
  /** Faces beyond the cap, left out. */
  readonly droppedFaces: number;
}

/** What of a detector's answer is read. */
export interface Reading {
  /** Detections below this score are not read. Default: the contract's lowest. */
  readonly floor?: number;
  /** Detections kept, best score first. Default: all. */
  readonly most?: number;
}

export interface FoundBoxes {
  /** Best score first, in pixels of the working image. */
  readonly boxes: readonly Detection[];
  /** What the detector took for this photo on its thread, all looks and what they need: milliseconds. */
  readonly milliseconds: number;
}

/** Tasks of a worker thread by name: what goes in, what comes out. */
export interface WorkerTasks {
  detectFaces: { input: DetectionInput; output: DetectionResult };
  /** Boxes alone, weak ones too where asked: for measuring a detector. */
  findBoxes: { input: DetectionInput & Reading; output: FoundBoxes };
  /** n × 112 × 112 × 3 bytes in, n × dimension floats of unit length out, and the lengths that the network gave them. */
  embedCrops: {
    input: { readonly crops: Uint8Array };
    output: { readonly vectors: Float32Array; readonly lengths: Float32Array };
  };
  /** Refuses with INFERENCE.DEVICE_MISSING unless the device really runs the embedder. */
  probeDevice: { input: Record<string, never>; output: { readonly executes: readonly string[] } };
  release: { input: Record<string, never>; output: Record<string, never> };
}

/** Errors lose their class between threads, so an outcome is data. */
export type WorkerOutcome<Output> =
  | { readonly ok: true; readonly value: Output }
  | {
      readonly ok: false;
      readonly code: ErrorCode;
      readonly message: string;
      readonly retry: Retry;
      readonly safeDetails: Readonly<Record<string, string | number | boolean>>;
    };
