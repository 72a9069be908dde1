import type { ModelSettings } from '@facelane/models';
import {
  type Box,
  cropResize,
  type Detection,
  isCut,
  mapDetections,
  nonMaximumSuppression,
  type RgbImage,
  type Size,
  tilesOf,
} from '@facelane/vision';
import type { DetectionInput, Reading, WorkerSetup } from '../worker/messages.js';
import type { Sessions } from '../worker/sessions.js';
import { fitDetector, runDetector } from './detector.session.js';

type Look = NonNullable<ModelSettings['retry']>['looks'][number];

/**
 * Finds the faces of one photo by as many looks as the contract's settings ask for: the whole photo; again at a larger
 * input where small faces are likely; parts of a large photo. What several looks find is one face by non-maximum
 * suppression.
 */
export class FaceFinder {
  constructor(
    private readonly sessions: Sessions,
    private readonly setup: WorkerSetup,
    private readonly reading: Reading = {},
  ) {}

  /** Best score first, in pixels of the working image. @throws RangeError when the detector's input has another size. */
  async find({ image, detectorInput }: DetectionInput): Promise<Detection[]> {
    const { detector, settings } = this.setup.contract;
    const whole = { x: 0, y: 0, width: image.width, height: image.height };
    const { content } = fitDetector(detector, image);
    if (detectorInput.width !== content.width || detectorInput.height !== content.height) {
      throw new RangeError(
        `The detector takes ${content.width}×${content.height} pixels; ` +
          `found ${detectorInput.width}×${detectorInput.height}.`,
      );
    }
    const found = await this.look(detectorInput, whole);
    const { retry, tiles } = settings;
    if (retry && this.expectsSmallFaces(found, content.width / image.width, content.height / image.height)) {
      for (const look of retry.looks) found.push(...(await this.lookCloser(image, whole, look)));
    }
    if (tiles) found.push(...(await this.lookAtTiles(image, tiles)));
    const { most } = this.reading;
    return nonMaximumSuppression(found, { iou: settings.nmsIou, ...(most !== undefined && { most }) });
  }

  private expectsSmallFaces(found: readonly Detection[], scaleX: number, scaleY: number): boolean {
    const { minScore, retry } = this.setup.contract.settings;
    const faces = found.filter(({ score }) => score >= minScore);
    return faces.length === 0 || faces.some(({ box }) => longerSide(box, scaleX, scaleY) < retry!.below);
  }

  /**
   * The limit is there because a network sees best the sizes it was trained on: at a larger input it takes parts of large
   * faces for faces (models/README.md has what this costs).
   */
  private async lookCloser(image: RgbImage, whole: Box, { upTo = Infinity, ...input }: Look): Promise<Detection[]> {
    const { content } = fitDetector(this.setup.contract.detector, whole, input);
    const found = await this.lookAt(image, whole, input);
    return found.filter(
      ({ box }) => longerSide(box, content.width / whole.width, content.height / whole.height) < upTo,
    );
  }

  private async lookAtTiles(image: RgbImage, { side, overlap }: { side: number; overlap: number }) {
    const { input } = this.setup.contract.detector;
    const unit = side / Math.max(input.width, input.height);
    const tile = { width: Math.round(input.width * unit), height: Math.round(input.height * unit) };
    const found: Detection[] = [];
    for (const area of tilesOf(image, tile, overlap)) {
      found.push(...(await this.lookAt(image, area)).filter((face) => !isCut(face.box, area, image)));
    }
    return found;
  }

  /** A look at an area of the working image, at the detector's own input size or another. */
  private lookAt(image: RgbImage, area: Box, input?: Size): Promise<Detection[]> {
    const { content } = fitDetector(this.setup.contract.detector, area, input);
    return this.look(cropResize(image, area, content.width, content.height), area, input);
  }

  private async look(picture: RgbImage, area: Box, input?: Size): Promise<Detection[]> {
    const { contract, device } = this.setup;
    const { detector, settings } = contract;
    const { floor = Math.min(settings.minScore, settings.retryScore) } = this.reading;
    const { network } = fitDetector(detector, area, input);
    const found = await runDetector({ sessions: this.sessions, detector, device }, picture, network, floor);
    return mapDetections(found, picture, area);
  }
}

const longerSide = (box: Size, scaleX: number, scaleY: number): number =>
  Math.max(box.width * scaleX, box.height * scaleY);
