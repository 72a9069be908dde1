import { StageError } from '@facelane/contracts';
import type { ImageFormat } from './image-format.js';

/** The decoder's failure as one that names the photo and says what the decoder said, in one line. */
export function unreadable(subject: string, format: ImageFormat, error: unknown): StageError {
  const said = error instanceof Error ? error.message : String(error);
  const reason = said.split('\n').find((line) => line.trim() !== '') ?? 'no reason given';
  return new StageError(
    'DETECT.IMAGE_UNREADABLE',
    `${subject}: the ${format.toUpperCase()} data is damaged or cut short (${reason.trim()}).`,
    { cause: error, safeDetails: { format } },
  );
}
