import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { CollectionDocument } from '@facelane/contracts';
import { annotatePhoto, cropJpeg } from '@facelane/imaging';
import type { TaggedPhoto } from '../photo.batch.js';
import { annotationsOf } from './face.view.js';
import { renderReport } from './report/render-report.js';
import type { ReportPictures } from './report/report.types.js';
import type { ResultRow } from './summary.js';
import { writeWhole } from './write-whole.js';

/** Long side of a photo on the page, pixels. */
const PHOTO_SIDE = 640;
const PHOTO_QUALITY = 70;
const FACE_SIDE = 96;

/** Writes the run as one HTML page with its pictures inside. */
export async function reportResults(
  file: string,
  photos: readonly TaggedPhoto[],
  { id, contract, thresholds }: CollectionDocument,
  title: string,
  signal: AbortSignal,
): Promise<void> {
  const head = { title, createdAt: new Date().toISOString(), collection: id, contract, thresholds };
  const rows = photos.map(({ row }) => row);
  await writeWhole(file, renderReport({ head, rows, pictures: picturesOf(photos), signal }));
}

/** Photos are read again for the page rather than kept in memory. One that is gone by now has no picture. */
function picturesOf(photos: readonly TaggedPhoto[]): ReportPictures {
  const paths = new Map<ResultRow, string>(photos.map(({ row, path }) => [row, path]));
  const bytesOf = (row: ResultRow): Promise<Uint8Array> => readFile(paths.get(row)!);
  return {
    photo: async (row) => {
      if (row.result.state !== 'done') return undefined;
      const options = { maxSide: PHOTO_SIDE, quality: PHOTO_QUALITY, subject: basename(row.file) };
      return annotatePhoto(await bytesOf(row), annotationsOf(row.result), options).catch(() => undefined);
    },
    face: async (row, { number }) => {
      const face = row.result.state === 'done' ? row.result.faces.find(({ index }) => index === number - 1) : undefined;
      return face && cropJpeg(await bytesOf(row), face.box, FACE_SIDE).catch(() => undefined);
    },
  };
}
