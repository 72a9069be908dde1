import { type ResultRow, type Summary, count, summarize, summarizePeople } from '../summary.js';
import { type Html, markup } from './html.js';
import { documentEnd, documentStart, header } from './report.head.js';
import { personCard } from './report.people.js';
import { photoCard } from './report.photo.js';
import type { Report } from './report.types.js';

/**
 * One self-contained HTML page on who is in which photo: no request leaves it, and no text in it is markup.
 *
 * It comes piece by piece, each picture made when its piece is asked for, so that the memory needed does not grow with
 * the number of photos. Whoever writes it gives the file its name only after the last piece.
 *
 * @throws the signal's reason when it is aborted; whatever `pictures` throws.
 */
export async function* renderReport(report: Report): AsyncGenerator<string, void, undefined> {
  for await (const piece of pieces(report)) {
    report.signal?.throwIfAborted();
    yield piece.text;
  }
}

async function* pieces({ head, rows, pictures }: Report): AsyncGenerator<Html> {
  const summary = summarize(rows);
  const positions = new Map(rows.map((row, index) => [row, index]));
  yield documentStart(head);
  yield header(head, summary);

  const people = summarizePeople(rows);
  if (people.length > 0) yield markup`<h2>People <small>${people.length}</small></h2>\n<ul class="people">\n`;
  for (const person of people) yield await personCard(person, positions, pictures);
  if (people.length > 0) yield markup`</ul>\n`;

  yield failures(rows);
  yield photosStart(summary);
  for (const [index, row] of rows.entries()) yield await photoCard(row, index, pictures);
  yield markup`</ul>\n<p class="empty">No photo fits this filter.</p>\n`;
  yield documentEnd(head);
}

function photosStart({ photos, failed, recognised, toReview, unknown, withoutFace }: Summary): Html {
  const kinds: readonly (readonly [string, string, number])[] = [
    ['all', 'All', 1],
    ['match', 'Recognised', recognised],
    ['review', 'To review', toReview],
    ['none', 'Unknown', unknown],
    ['faceless', 'No face', withoutFace],
  ];
  const choices = kinds
    .filter(([, , number]) => number > 0)
    .map(
      ([value, label], at) =>
        markup`<label><input type="radio" name="kind" value="${value}" ${at === 0 ? 'checked' : ''} />${label}</label>\n`,
    );
  return markup`<h2 id="photos">Photos <small>${photos - failed}</small></h2>
    <div class="tools" role="search">
      <input type="search" placeholder="File or person" aria-label="Filter by file or person" />
      <fieldset aria-label="Show">${choices}</fieldset>
      <output class="soft"></output>
    </div>
    <ul class="photos"> `;
}

function failures(rows: readonly ResultRow[]): Html {
  const failed = rows.flatMap(({ file, result }) => (result.state === 'failed' ? [{ file, ...result.failure }] : []));
  if (failed.length === 0) return markup``;
  const lines = failed.map(
    ({ file, code, message, remedy }) =>
      markup`<tr>
        <th scope="row">${file}</th>
        <td><span class="badge bad">${code}</span></td>
        <td>${message}</td>
        <td>${remedy}</td>
      </tr> `,
  );
  return markup`<h2 id="failed">Failed <small>${count(failed.length, 'photo')}</small></h2>
    <div class="scroll" role="region" aria-labelledby="failed" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">Photo</th>
            <th scope="col">Code</th>
            <th scope="col">What happened</th>
            <th scope="col">What to do</th>
          </tr>
        </thead>
        <tbody>
          ${lines}
        </tbody>
      </table>
    </div> `;
}
