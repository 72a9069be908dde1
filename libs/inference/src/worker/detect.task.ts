import { CROP_BYTES, CROP_SIDE } from '@facelane/contracts';
import {
  alignFace,
  boundingSquare,
  cropResizeGrey,
  decodeUltraFace,
  faceQuality,
  fivePointsOf68,
  greyTensor,
  landmarksInImage,
  nonMaximumSuppression,
  squareAround,
  toPlanarTensor,
  type Box,
  type Detection,
  type FivePoints,
  type Point,
  type RgbImage,
} from '@facelane/vision';
import { channelOrder } from './channel-order.js';
import type { FoundFace, WorkerSetup, WorkerTasks } from './messages.js';
import type { Sessions } from './sessions.js';

type Detect = WorkerTasks['detectFaces'];

/** Boxes, points, quality and aligned crops of the faces of one photo. No face is an empty result. */
export async function detectFaces(
  sessions: Sessions,
  setup: WorkerSetup,
  task: Detect['input'],
): Promise<Detect['output']> {
  const { image } = task;
  const found = await detectBoxes(sessions, setup, task);
  const kept = found.slice(0, setup.maxFaces);
  const faces: FoundFace[] = [];
  const crops = new Uint8Array(kept.length * CROP_BYTES);
  for (const { box, score } of kept) {
    const fivePoints = await locatePoints(sessions, setup, image, box);
    const crop = tryAlign(image, fivePoints);
    if (crop === undefined) continue;
    crops.set(crop.data, faces.length * CROP_BYTES);
    faces.push({ box, score, fivePoints, quality: faceQuality({ crop, box, points: fivePoints, frame: image }) });
  }
  const used = faces.length * CROP_BYTES;
  return {
    faces,
    crops: used === crops.length ? crops : crops.slice(0, used),
    droppedFaces: found.length - faces.length,
  };
}

/** Best score first. When nothing reaches minScore, the same outputs are read again at retryScore. */
async function detectBoxes(sessions: Sessions, setup: WorkerSetup, task: Detect['input']): Promise<Detection[]> {
  const { detector, settings } = setup.contract;
  const { width, height, order, mean, std } = detector.input;
  const { detectorInput, image } = task;
  if (detectorInput.width !== width || detectorInput.height !== height) {
    throw new RangeError(
      `The detector takes ${width}×${height} pixels; found ${detectorInput.width}×${detectorInput.height}.`,
    );
  }
  const tensor = toPlanarTensor(detectorInput, { mean, std, order: channelOrder(order) });
  const session = await sessions.get(detector, { device: setup.device });
  const [scores, boxes] = await session.run(tensor, [1, 3, height, width]);
  const read = (minScore: number): Detection[] =>
    nonMaximumSuppression(decodeUltraFace(scores!, boxes!, image, { minScore }), { iou: settings.nmsIou });
  const confident = read(settings.minScore);
  return confident.length > 0 ? confident : read(settings.retryScore);
}

/** Landmarks twice: the second look is centred on what the first one found. Measured in models/README.md. */
async function locatePoints(sessions: Sessions, setup: WorkerSetup, image: RgbImage, box: Box): Promise<FivePoints> {
  const { settings } = setup.contract;
  const first = await landmarks(sessions, setup, image, squareAround(box, settings.landmarkScale));
  const again = boundingSquare(first, settings.secondLandmarkScale);
  return fivePointsOf68(again.width > 0 ? await landmarks(sessions, setup, image, again) : first);
}

async function landmarks(sessions: Sessions, setup: WorkerSetup, image: RgbImage, square: Box): Promise<Point[]> {
  const network = setup.contract.landmarks;
  const { width, height } = network.input;
  const tensor = greyTensor(cropResizeGrey(image, square, width, height), network.input);
  const session = await sessions.get(network, { device: setup.device });
  const [output] = await session.run(tensor, [1, 1, height, width]);
  return landmarksInImage(output!, square);
}

/**
 * Points that coincide have no alignment: such a box is no usable face, and must not cost the photo its other faces.
 */
function tryAlign(image: RgbImage, points: FivePoints): RgbImage | undefined {
  try {
    const crop = alignFace(image, points);
    if (crop.width !== CROP_SIDE || crop.height !== CROP_SIDE)
      throw new TypeError('The aligned crop has another size.');
    return crop;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
