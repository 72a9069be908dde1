import { StageError } from '@facelane/contracts';
import {
  type Detection,
  type FittedInput,
  fitInput,
  paddedTensor,
  requireOutputs,
  type RgbImage,
  type Size,
} from '@facelane/vision';
import { channelOrder } from '../worker/channel-order.js';
import { reasonIn } from '../worker/runtime.reason.js';
import type { DetectorFile, DetectorRun, TensorDetector } from './detector.component.js';
import { DETECTORS } from './detector.table.js';

/** What a picture of this shape is resized to for the detector, at its own input size or another. */
export function fitDetector(detector: DetectorFile, picture: Size, input: Size = detector.input): FittedInput {
  const component = DETECTORS[detector.decoder];
  const multipleOf = 'reader' in component ? component.reader.multipleOf : 1;
  return fitInput(detector.input.fit ?? 'squash', { width: input.width, height: input.height }, picture, multipleOf);
}

/**
 * Lets the detector look at one picture; detections in its pixels.
 *
 * @param network size of its input, in whose upper left corner the picture lies.
 * @throws StageError INFERENCE.MODEL_CORRUPT when the file is no network of this kind or of this size.
 */
export async function runDetector(
  run: DetectorRun,
  picture: RgbImage,
  network: Size,
  minScore: number,
): Promise<Detection[]> {
  const component = DETECTORS[run.detector.decoder];
  if ('find' in component)
    return component.find(run, picture, minScore).catch((error: unknown) => fail(run, picture, error));
  return runTensor(component, run, picture, network, minScore);
}

async function runTensor(
  { reader, edit, feeds }: TensorDetector,
  run: DetectorRun,
  picture: RgbImage,
  network: Size,
  minScore: number,
): Promise<Detection[]> {
  const { sessions, detector, device } = run;
  const { mean, std, order } = detector.input;
  const tensor = paddedTensor(picture, network, { mean, std, order: channelOrder(order) });
  const session = await sessions.get(detector, { device, ...(edit && { edit }) });
  const shape = [1, 3, network.height, network.width];
  session.requireInput(shape);
  const outputs = await session.run(tensor, shape, feeds?.(network)).catch((error: unknown) => {
    if (isAboutShapes(error)) throw notOfKind(run, network, reasonIn(error.message), error);
    throw error;
  });
  try {
    requireOutputs(outputs, reader.expected(network));
  } catch (error) {
    fail(run, network, error);
  }
  return reader.read(outputs, network, minScore);
}

/** A RangeError says that outputs are others than the decoder's. */
function fail(run: DetectorRun, size: Size, error: unknown): never {
  throw error instanceof RangeError ? notOfKind(run, size, error.message.replace(/\.$/, ''), error) : error;
}

/** A network of another kind has constants of its own size, which ONNX Runtime finds out when it runs. */
const isAboutShapes = (error: unknown): error is Error =>
  error instanceof Error && /shape|dimension|broadcast/i.test(error.message);

function notOfKind(
  { detector: { id, decoder } }: DetectorRun,
  { width, height }: Size,
  reason: string,
  cause: unknown,
): StageError {
  return new StageError(
    'INFERENCE.MODEL_CORRUPT',
    `The outputs of ${id} are not those of a ${decoder} detector at ${width}×${height}: ${reason}.`,
    { safeDetails: { model: id, decoder }, cause },
  );
}
