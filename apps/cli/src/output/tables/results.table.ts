import { faceLabel, viewFaces } from '../face.view.js';
import { type ResultRow, summarize, summaryParts } from '../summary.js';
import { wrapParts } from '../terminal.text.js';
import {
  type Cell,
  type Column,
  DEFAULT_WIDTH,
  type Phrase,
  type TableStyle,
  type Tone,
  painter,
  renderTable,
} from './table.js';

const COLUMNS: readonly Column[] = [
  { title: 'Photo', cut: 'middle', share: 0.4 },
  { title: 'Faces', align: 'right' },
  { title: 'People' },
];

const TONES: Readonly<Record<'match' | 'review', Tone>> = { match: 'good', review: 'warn' };

/**
 * Who is in which photo, and a line that sums it up.
 *
 * `Anna 0.82` was recognised with that cosine, `Ben? 0.41` is to be looked at, the rest is unknown.
 */
export function resultsTable(rows: readonly ResultRow[], style: TableStyle): string {
  const lines = wrapParts(summaryParts(summarize(rows)), ' · ', style.width ?? DEFAULT_WIDTH);
  const summary = painter(style.color)(lines.join('\n'), 'strong');
  if (rows.length === 0) return summary;
  return `${renderTable(COLUMNS, rows.map(resultCells), style)}\n\n${summary}`;
}

function resultCells({ file, result }: ResultRow): readonly Cell[] {
  if (result.state === 'failed') {
    const { code, remedy } = result.failure;
    return [file, '–', { sentence: `failed: ${code}. ${remedy}`, tone: 'bad' }];
  }
  if (result.faces.length === 0) return [file, '0', [{ text: 'no face found', tone: 'dim' }]];
  return [file, String(result.faces.length), people(result)];
}

function people(result: Extract<ResultRow['result'], { state: 'done' }>): readonly Phrase[] {
  const views = viewFaces(result);
  const phrases: Phrase[] = [];
  for (const decision of ['match', 'review'] as const) {
    for (const view of views.filter((face) => face.decision === decision)) {
      phrases.push({ text: faceLabel(view), tone: TONES[decision] });
    }
  }
  const nobody = views.filter(({ decision }) => decision === 'none');
  const withheld = nobody.filter((face) => face.withheld !== undefined).length;
  const unknown = nobody.length - withheld;
  if (unknown > 0) phrases.push({ text: unknown === 1 ? 'unknown' : `${unknown} unknown`, tone: 'dim' });
  if (withheld > 0) phrases.push({ text: `${withheld} not compared`, tone: 'dim' });
  if (result.droppedFaces > 0) phrases.push({ text: `${result.droppedFaces} more not looked at`, tone: 'dim' });
  return phrases;
}
