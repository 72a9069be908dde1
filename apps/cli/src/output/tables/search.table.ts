import { formatScore } from '../face.view.js';
import { type Cell, type TableStyle, type Tone, painter, renderTable } from './table.js';

/** The bars that scores are held against, cosines. */
export interface ScoreBars {
  readonly match: number;
  readonly review: number;
}

interface Verdict {
  readonly text: string;
  readonly tone: Tone;
}

export interface ScoredName {
  readonly name: string;
  /** Cosine of the best reference. */
  readonly score: number;
}

/** Who a face may be, best first, with what each score means at the collection's thresholds. */
export function searchTable(candidates: readonly ScoredName[], bars: ScoreBars, style: TableStyle): string {
  if (candidates.length === 0) return 'Nobody is enrolled to compare with.';
  const rows = candidates.map(({ name, score }, at): readonly Cell[] => {
    const { text, tone } = verdict(score, bars);
    return [String(at + 1), name, formatScore(score), [{ text, tone }]];
  });
  return renderTable(
    [
      { title: '#', align: 'right' },
      { title: 'Person', share: 0.5 },
      { title: 'Score', align: 'right' },
      { title: 'Decision' },
    ],
    rows,
    style,
  );
}

/** One sentence on whether two faces are the same person. */
export function verifyLine(score: number, bars: ScoreBars, { color }: Pick<TableStyle, 'color'>): string {
  const { tone } = verdict(score, bars);
  const answer =
    score >= bars.match ? 'Same person' : score >= bars.review ? 'Perhaps the same person' : 'Not the same person';
  const against = `match from ${formatScore(bars.match)}, review from ${formatScore(bars.review)}`;
  return `${painter(color)(answer, tone)}: score ${formatScore(score)} (${against}).`;
}

/** The same in the contract's own metric, where that is a distance. */
export const distanceLine = (distance: number, match: number, review: number): string =>
  `distance ${distance.toFixed(3)} (match up to ${match.toFixed(3)}, review up to ${review.toFixed(3)})`;

/** What the contract's comparer says of the same two. */
export const probabilityLine = (probability: number): string =>
  `comparer: one person with a probability of ${probability.toFixed(3)}`;

function verdict(score: number, { match, review }: ScoreBars): Verdict {
  if (score >= match) return { text: 'match', tone: 'good' };
  if (score >= review) return { text: 'to review', tone: 'warn' };
  return { text: 'too far', tone: 'dim' };
}
