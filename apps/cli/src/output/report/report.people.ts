import { type PersonSighting, type PersonSummary, type ResultRow, count } from '../summary.js';
import { type Html, markup } from './html.js';
import { faceImage, photoId } from './report.photo.js';
import type { ReportPictures } from './report.types.js';

/** One card per person with links to the photos he is in. `positions`: where each row stands on the page. */
export async function personCard(
  { name, photos, toReview }: PersonSummary,
  positions: ReadonlyMap<ResultRow, number>,
  pictures: ReportPictures,
): Promise<Html> {
  const sightings = [...photos, ...toReview];
  const best = clearest(photos.length > 0 ? photos : toReview);
  const crop = best === undefined ? undefined : await pictures.face(best.row, best.face);
  const links = sightings.map(
    ({ row, face }) =>
      markup`<li>
        <a href="#${photoId(positions.get(row) ?? 0)}">${row.file}</a>${face.decision === 'review' ? ' ?' : ''}
      </li> `,
  );
  const review = toReview.length > 0 ? `, ${toReview.length} to review` : '';
  return markup`<li class="person">
    ${faceImage(crop, `Face of ${name}`)}
    <h3>${name}</h3>
    <p>${count(photos.length, 'photo')}${review}</p>
    <details>
      <summary>Show where</summary>
      <ul>
        ${links}
      </ul>
    </details>
  </li> `;
}

const clearest = (sightings: readonly PersonSighting[]): PersonSighting | undefined =>
  sightings.toSorted((a, b) => (b.face.score ?? 0) - (a.face.score ?? 0))[0];
