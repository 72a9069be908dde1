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

/** One sentence on whether two faces are the same person; in distances where `distance` says what a score is as one. */
export function verifyLine(
  score: number,
  bars: ScoreBars,
  { color }: Pick<TableStyle, 'color'>,
  distance?: (score: number) => number,
): string {
  const { tone } = verdict(score, bars);
  const answer =
    score >= bars.match ? 'Same person' : score >= bars.review ? 'Perhaps the same person' : 'Not the same person';
  const [found, match, review] = [score, bars.match, bars.review].map((value) =>
    distance === undefined ? formatScore(value) : distance(value).toFixed(3),
  );
  const told =
    distance === undefined
      ? `score ${found} (match from ${match}, review from ${review})`
      : `distance ${found} (match up to ${match}, review up to ${review})`;
  return `${painter(color)(answer, tone)}: ${told}.`;
}

/** What the contract's comparer says of the same two. */
export const probabilityLine = (probability: number): string =>
  `comparer: one person with a probability of ${probability.toFixed(3)}`;

function verdict(score: number, { match, review }: ScoreBars): Verdict {
  if (score >= match) return { text: 'match', tone: 'good' };
  if (score >= review) return { text: 'to review', tone: 'warn' };
  return { text: 'too far', tone: 'dim' };
}
