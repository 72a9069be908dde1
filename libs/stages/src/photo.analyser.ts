import type { DetectedFace } from '@facelane/contracts';
import { decodeImage, type ImageLimits, resizeExact } from '@facelane/imaging';
import type { FoundBoxes, FoundFace, InferenceEngine, Reading, WorkOptions } from '@facelane/inference';
import { mapDetections } from '@facelane/vision';

export interface PhotoAnalysis {
  /** In pixels of the original photo, best detector score first. */
  readonly faces: readonly DetectedFace[];
  /** faces × 112 × 112 × 3 bytes, RGB. */
  readonly crops: Uint8Array;
  /** Faces beyond the engine's cap, left out. */
  readonly droppedFaces: number;
  /** Size of the photo as displayed. */
  readonly photo: { readonly width: number; readonly height: number };
}

/** From the bytes of a photo to its faces and aligned crops. Nothing is stored. */
export class PhotoAnalyser {
  private readonly limits: ImageLimits;

  /** The working image's size belongs to the model contract, so the engine's overrides the one in `limits`. */
  constructor(
    private readonly engine: InferenceEngine,
    limits: ImageLimits,
  ) {
    this.limits = { ...limits, maxSide: engine.contract.maxImageSide };
  }

  /** Id of the model contract that finds and aligns the faces. */
  get contract(): string {
    return this.engine.contract.id;
  }

  /** `subject` names the photo in errors. @throws StageError of imaging and inference. */
  async analyse(bytes: Uint8Array, subject: string, options: WorkOptions = {}): Promise<PhotoAnalysis> {
    const { scale, original, ...input } = await this.engine.prepare(options, () =>
      this.decode(bytes, subject, options),
    );
    const { faces, crops, droppedFaces } = await this.engine.detect(input, options);
    return {
      faces: faces.map((face, index) => toOriginal(face, index, 1 / scale)),
      crops,
      droppedFaces,
      photo: original,
    };
  }

  /**
   * Boxes alone, in pixels of the original photo: for measuring the detector. `milliseconds` is what the detector took,
   * without decoding. Errors as analyse.
   */
  async findBoxes(
    bytes: Uint8Array,
    subject: string,
    reading: Reading,
    options: WorkOptions = {},
  ): Promise<FoundBoxes> {
    const { scale, image, detectorInput } = await this.engine.prepare(options, () =>
      this.decode(bytes, subject, options),
    );
    const { boxes, milliseconds } = await this.engine.findBoxes({ image, detectorInput }, reading, options);
    const working = { width: 1, height: 1 };
    const original = { x: 0, y: 0, width: 1 / scale, height: 1 / scale };
    return { boxes: mapDetections(boxes, working, original), milliseconds };
  }

  private async decode(bytes: Uint8Array, subject: string, { signal }: WorkOptions) {
    const decoded = await decodeImage(bytes, this.limits, { subject, ...(signal && { signal }) });
    const { width, height } = this.engine.contract.detectorInput(decoded.image);
    return { ...decoded, detectorInput: await resizeExact(decoded.image, width, height) };
  }
}

/** From pixels of the working image to pixels of the photo; a hundredth of a pixel is as fine as it means anything. */
function toOriginal({ box, fivePoints, score, quality }: FoundFace, index: number, factor: number): DetectedFace {
  const pixels = (value: number): number => Math.round(value * factor * 100) / 100;
  const point = ({ x, y }: { x: number; y: number }): { x: number; y: number } => ({ x: pixels(x), y: pixels(y) });
  const [leftEye, rightEye, nose, mouthLeft, mouthRight] = fivePoints;
  return {
    index,
    box: { x: pixels(box.x), y: pixels(box.y), width: pixels(box.width), height: pixels(box.height) },
    landmarks: [point(leftEye), point(rightEye), point(nose), point(mouthLeft), point(mouthRight)],
    score,
    quality: { ...quality, minSide: pixels(quality.minSide), interEye: pixels(quality.interEye) },
  };
}
