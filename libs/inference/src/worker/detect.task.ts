import { CROP_BYTES, CROP_SIDE } from '@facelane/contracts';
import type { ResolvedNetwork } from '@facelane/models';
import {
  alignFace,
  boundingSquare,
  cropResizeGrey,
  faceQuality,
  fivePointsOf68,
  greyTensor,
  landmarksInImage,
  squareAround,
  withAspect,
  type Box,
  type Detection,
  type FaceQuality,
  type FivePoints,
  type Point,
  type RgbImage,
} from '@facelane/vision';
import { FaceFinder } from '../detectors/face.finder.js';
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
  for (const face of kept) {
    const { box, score } = face;
    const fivePoints = await locatePoints(sessions, setup, image, face);
    const looked = tryLook(image, box, fivePoints);
    if (looked === undefined) continue;
    crops.set(looked.crop.data, faces.length * CROP_BYTES);
    faces.push({ box, score, fivePoints, quality: looked.quality });
  }
  const used = faces.length * CROP_BYTES;
  return {
    faces,
    crops: used === crops.length ? crops : crops.slice(0, used),
    droppedFaces: found.length - faces.length,
  };
}

/** Boxes of one photo without points and crops, and what finding them took. */
export async function findBoxes(
  sessions: Sessions,
  setup: WorkerSetup,
  { image, detectorInput, ...reading }: WorkerTasks['findBoxes']['input'],
): Promise<WorkerTasks['findBoxes']['output']> {
  const start = performance.now();
  const boxes = await new FaceFinder(sessions, setup, reading).find({ image, detectorInput });
  return { boxes, milliseconds: performance.now() - start };
}

/** Best score first. When nothing reaches minScore, what reaches retryScore. */
async function detectBoxes(sessions: Sessions, setup: WorkerSetup, task: Detect['input']): Promise<Detection[]> {
  const { minScore, retryScore } = setup.contract.settings;
  const found = await new FaceFinder(sessions, setup).find(task);
  const confident = found.filter(({ score }) => score >= minScore);
  return confident.length > 0 ? confident : found.filter(({ score }) => score >= retryScore);
}

/**
 * Landmarks twice: the second look is centred on what the first one found. Measured in models/README.md. A contract
 * without a landmark network takes the detector's own points.
 */
async function locatePoints(
  sessions: Sessions,
  setup: WorkerSetup,
  image: RgbImage,
  { box, points }: Detection,
): Promise<FivePoints> {
  const { settings, landmarks: network } = setup.contract;
  if (network === undefined) {
    if (points === undefined) throw new TypeError(`${setup.contract.detector.id} finds no points.`);
    return points;
  }
  const look = (square: Box): Promise<Point[]> => landmarks(sessions, setup, network, image, square);
  const { landmarkAspect = Infinity, landmarkScale, secondLandmarkScale } = settings;
  const first = await look(squareAround(withAspect(box, landmarkAspect), landmarkScale));
  const again = boundingSquare(first, secondLandmarkScale);
  return fivePointsOf68(again.width > 0 ? await look(again) : first);
}

async function landmarks(
  sessions: Sessions,
  setup: WorkerSetup,
  network: ResolvedNetwork<'landmarks'>,
  image: RgbImage,
  square: Box,
): Promise<Point[]> {
  const { width, height } = network.input;
  const tensor = greyTensor(cropResizeGrey(image, square, width, height), network.input);
  const session = await sessions.get(network, { device: setup.device });
  const [output] = await session.run(tensor, [1, 1, height, width]);
  return landmarksInImage(output!, square);
}

/**
 * The aligned crop and its quality. Points that coincide have no alignment, and points on a line no pose: such a box is no usable
 * face, and must not cost the photo its other faces.
 */
function tryLook(
  image: RgbImage,
  box: Box,
  points: FivePoints,
): { readonly crop: RgbImage; readonly quality: FaceQuality } | undefined {
  try {
    const crop = alignFace(image, points);
    if (crop.width !== CROP_SIDE || crop.height !== CROP_SIDE)
      throw new TypeError('The aligned crop has another size.');
    return { crop, quality: faceQuality({ crop, box, points, frame: image }) };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
