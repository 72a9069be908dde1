import { StageError } from '@facelane/contracts';
import type { Box, GreyImage } from '@facelane/vision';
import { readVerified, type VerifiedSource } from '../../worker/read-verified.js';
import { openCv, type OpenCv } from './open-cv.js';

/** Size of each window ÷ that of the one before. */
const SCALE = 1.1;
/** Windows that agree, beside the first, until they are an object. */
const FEWEST_NEIGHBOURS = 1;

export interface CascadeObject {
  readonly box: Box;
  /** Windows that agree on it. */
  readonly neighbours: number;
}

type Classifier = InstanceType<OpenCv['CascadeClassifier']>;

/** A cascade of boosted classifiers over Haar-like features (Viola and Jones, 2001), as OpenCV runs it. */
export class Cascade {
  private constructor(
    private readonly cv: OpenCv,
    private readonly classifier: Classifier,
    private readonly id: string,
  ) {}

  /** @throws StageError INFERENCE.MODEL_MISSING, or MODEL_CORRUPT when the file is damaged or holds no cascade. */
  static async load(source: VerifiedSource): Promise<Cascade> {
    const bytes = await readVerified(source);
    const cv = await openCv();
    const classifier = new cv.CascadeClassifier();
    const name = `${source.sha256}.xml`;
    cv.FS_createDataFile('/', name, bytes, true, false, false);
    try {
      if (isLoaded(classifier, `/${name}`)) return new Cascade(cv, classifier, source.id);
    } finally {
      cv.FS_unlink(`/${name}`);
    }
    classifier.delete();
    throw new StageError(
      'INFERENCE.MODEL_CORRUPT',
      `The model file ${source.path} (${source.id}) holds no cascade that OpenCV reads.`,
      { safeDetails: { model: source.id, path: source.path } },
    );
  }

  /**
   * Objects of the picture, in its pixels.
   *
   * @param smallest - shorter side of an object, pixels
   * @throws StageError INFERENCE.FAILED when OpenCV gives up.
   */
  find({ width, height, data }: GreyImage, smallest: number): CascadeObject[] {
    const { cv } = this;
    const picture = new cv.Mat(height, width, cv.CV_8UC1);
    const [boxes, counts] = [new cv.RectVector(), new cv.IntVector()];
    try {
      for (let at = 0; at < data.length; at++) picture.data[at] = Math.round(data[at]!);
      const size = new cv.Size(smallest, smallest);
      const any = new cv.Size(0, 0);
      this.classifier.detectMultiScale2(picture, boxes, counts, SCALE, FEWEST_NEIGHBOURS, 0, size, any);
      return Array.from({ length: boxes.size() }, (_, at) => ({
        box: { ...boxes.get(at) },
        neighbours: counts.get(at),
      }));
    } catch (error) {
      throw failed(this.id, error);
    } finally {
      for (const made of [picture, boxes, counts]) made.delete();
    }
  }
}

function isLoaded(classifier: Classifier, path: string): boolean {
  try {
    return classifier.load(path);
  } catch {
    // What is no XML at all makes OpenCV throw a number.
    return false;
  }
}

/** What C++ throws arrives as a number, which says nothing. */
const failed = (id: string, cause: unknown): StageError =>
  new StageError('INFERENCE.FAILED', `OpenCV failed while it ran the cascade ${id}.`, {
    safeDetails: { model: id },
    cause,
  });
