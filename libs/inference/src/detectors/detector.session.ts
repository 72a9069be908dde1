import { StageError } from '@facelane/contracts';
import { type Detection, type FittedInput, fitInput, requireOutputs, type Size } from '@facelane/vision';
import type { Device } from '../devices/device.table.js';
import type { Sessions } from '../worker/sessions.js';
import { type DetectorFile, DETECTORS } from './detector.table.js';

/** What a picture of this shape is resized to for the detector, at its own input size or another. */
export const fitDetector = (detector: DetectorFile, picture: Size, input: Size = detector.input): FittedInput =>
  fitInput(
    detector.input.fit ?? 'squash',
    { width: input.width, height: input.height },
    picture,
    DETECTORS[detector.decoder].reader.multipleOf,
  );

/**
 * Runs the detector once; detections in pixels of its input.
 *
 * @param tensor 1×3×H×W of the network's input.
 * @throws StageError INFERENCE.MODEL_CORRUPT when the file is no network of this kind or of this size.
 */
export async function runDetector(
  sessions: Sessions,
  { detector, device }: { readonly detector: DetectorFile; readonly device: Device },
  tensor: Float32Array,
  input: Size,
  minScore: number,
): Promise<Detection[]> {
  const { reader, edit, feeds } = DETECTORS[detector.decoder];
  const session = await sessions.get(detector, { device, ...(edit && { edit }) });
  const shape = [1, 3, input.height, input.width];
  session.requireInput(shape);
  const outputs = await session.run(tensor, shape, feeds?.(input));
  try {
    requireOutputs(outputs, reader.expected(input));
  } catch (error) {
    throw new StageError(
      'INFERENCE.MODEL_CORRUPT',
      `The outputs of ${detector.id} are not those of a ${detector.decoder} detector at ` +
        `${input.width}×${input.height}: ${error instanceof Error ? error.message : String(error)}.`,
      { safeDetails: { model: detector.id, decoder: detector.decoder } },
    );
  }
  return reader.read(outputs, input, minScore);
}
