import type { Decision } from '@facelane/contracts';
import { type FaceView, formatScore, viewFaces } from '../face.view.js';
import { type ResultRow, count } from '../summary.js';
import { type Html, markup, trusted } from './html.js';
import type { ReportPictures } from './report.types.js';

const BADGES: Readonly<Record<Decision, string>> = { match: 'recognised', review: 'to review', none: 'unknown' };

export const photoId = (index: number): string => `photo-${index + 1}`;

/** One card: the annotated photo and its faces. Failed photos have their own section. */
export async function photoCard(row: ResultRow, index: number, pictures: ReportPictures): Promise<Html> {
  if (row.result.state === 'failed') return markup``;
  const faces = viewFaces(row.result);
  const { width, height } = row.result.photo;
  const photo = await pictures.photo(row);
  const crops: (Uint8Array | undefined)[] = [];
  for (const face of faces) crops.push(await pictures.face(row, face));
  const kinds = faces.length === 0 ? ['faceless'] : [...new Set(faces.map(({ decision }) => decision))];
  const items = faces.map((face, at) => faceItem(face, crops[at]));
  return markup`<li class="photo" id="${photoId(index)}" data-kinds="${kinds.join(' ')}">
    ${photo === undefined ? undefined : markup`<img src="${dataUri(photo)}" width="${width}" height="${height}" loading="lazy" decoding="async" alt="${describe(row.file, faces)}" />`}
    <h3>${row.file}</h3>
    <p>${cardLine(faces, row.result.droppedFaces)}</p>
    ${
      faces.length === 0
        ? undefined
        : markup`<ol class="faces">
            ${items}
          </ol>`
    }
  </li> `;
}

/** A data: URI needs no request, which keeps the page whole wherever it is sent. */
export function dataUri(jpeg: Uint8Array): Html {
  const bytes = Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  return trusted(`data:image/jpeg;base64,${bytes.toString('base64')}`);
}

export function faceImage(jpeg: Uint8Array | undefined, alt: string): Html {
  if (jpeg === undefined) return markup`<span class="blank"></span>`;
  return markup`<img src="${dataUri(jpeg)}" width="96" height="96" loading="lazy" decoding="async" alt="${alt}" />`;
}

function faceItem(face: FaceView, crop: Uint8Array | undefined): Html {
  const { number, decision, person, withheld } = face;
  const who =
    person === undefined
      ? markup`Unknown`
      : markup`<span class="name">${person.name}</span>${decision === 'review' ? '?' : ''}`;
  return markup`<li>
    ${faceImage(crop, '')}
    <div>
      <div class="who"><span class="number">${number}</span>${who}</div>
      <div class="numbers">${numbers(face)}</div>
    </div>
    <span class="badge ${decision}">${withheld === undefined ? BADGES[decision] : 'not compared'}</span>
  </li> `;
}

function numbers({ score, margin, nearest, withheld }: FaceView): string {
  if (withheld !== undefined) return withheld;
  if (score === undefined) return 'nobody to compare with';
  const lead = margin === undefined ? '' : ` · ahead by ${formatScore(margin)}`;
  return nearest === undefined ? `score ${formatScore(score)}${lead}` : `nearest is ${nearest}, ${formatScore(score)}`;
}

function cardLine(faces: readonly FaceView[], dropped: number): string {
  const more = dropped > 0 ? `, ${dropped} more not looked at` : '';
  return faces.length === 0 ? 'No face found' : `${count(faces.length, 'face')}${more}`;
}

function describe(file: string, faces: readonly FaceView[]): string {
  const names = faces.map(({ person, decision }) =>
    person ? `${decision === 'review' ? 'perhaps ' : ''}${person.name}` : 'an unknown person',
  );
  return names.length === 0 ? `${file}: no face found` : `${file}: ${names.join(', ')}`;
}
