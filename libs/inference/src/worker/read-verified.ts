import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { StageError } from '@facelane/contracts';

/** A file of the manifest. */
export interface VerifiedSource {
  readonly id: string;
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Reads the file once and checks those bytes.
 *
 * @throws StageError INFERENCE.MODEL_MISSING or MODEL_CORRUPT.
 */
export async function readVerified(source: VerifiedSource): Promise<Uint8Array> {
  const safeDetails = { model: source.id, path: source.path };
  const unreadable = (cause: unknown): never => {
    throw new StageError('INFERENCE.MODEL_MISSING', `The model file ${source.path} (${source.id}) cannot be read.`, {
      safeDetails,
      cause,
    });
  };
  // Asked first, so that a file of any size can be refused without reading it into memory.
  const { size } = await stat(source.path).catch(unreadable);
  if (size !== source.bytes) {
    throw new StageError(
      'INFERENCE.MODEL_CORRUPT',
      `The model file ${source.path} (${source.id}) is damaged: it holds ${size} bytes, not ${source.bytes}.`,
      { safeDetails },
    );
  }
  const bytes = await readFile(source.path).catch(unreadable);
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found === source.sha256) return bytes;
  throw new StageError(
    'INFERENCE.MODEL_CORRUPT',
    `The model file ${source.path} (${source.id}) is damaged: its SHA-256 is ${found}, not ${source.sha256}.`,
    { safeDetails },
  );
}
