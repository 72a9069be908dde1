import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DetectedFace, StageError } from '@facelane/contracts';
import { mainFace } from '@facelane/evaluation';
import type { PhotoEmbedder } from '@facelane/stages';
import type { CliContext } from '../../cli.context.js';
import { eachPhoto } from './each-photo.js';

const AT_ONCE = 8;

/** A photo's main face, or why there is none. */
export interface EmbeddedFile {
  /** Below the folder. */
  readonly path: string;
  readonly face?: DetectedFace;
  readonly vector?: Float32Array;
  /** Why it could not be read; absent when it could, with a face or without. */
  readonly problem?: string;
}

/** The main face of each photo, in the order of the paths. A photo that cannot be read is told, and no failure. */
export async function embedPhotos(
  context: CliContext,
  embedder: PhotoEmbedder,
  directory: string,
  paths: readonly string[],
): Promise<EmbeddedFile[]> {
  const work = (path: string): Promise<EmbeddedFile> => embedMain(embedder, directory, path, context.signal);
  return eachPhoto(context, { stage: 'embed', paths, atOnce: AT_ONCE, work });
}

async function embedMain(
  embedder: PhotoEmbedder,
  directory: string,
  path: string,
  signal: AbortSignal,
): Promise<EmbeddedFile> {
  try {
    const { faces, vectors, photo } = await embedder.embed(await readFile(join(directory, path)), path, { signal });
    const face = mainFace(faces, photo);
    // Copied: the vectors of a photo are parts of the memory of a whole batch.
    return face === undefined ? { path } : { path, face, vector: Float32Array.from(vectors[face.index]!) };
  } catch (error) {
    if (error instanceof StageError && error.retry === 'never') return { path, problem: error.message };
    if (isOfFile(error)) return { path, problem: `${path} cannot be read (${error.code}).` };
    throw error;
  }
}

const isOfFile = (error: unknown): error is NodeJS.ErrnoException & { code: string } =>
  error instanceof Error && 'code' in error && ['ENOENT', 'EACCES', 'EISDIR'].includes(String(error.code));
