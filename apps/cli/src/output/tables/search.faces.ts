import type { CliContext } from '../../cli.context.js';
import { type ScoreBars, type ScoredName, searchTable } from './search.table.js';

export interface SearchedFace {
  readonly index: number;
  readonly box: { readonly x: number; readonly y: number };
  readonly candidates: readonly ScoredName[];
}

/** One table per face, or that there is none. */
export function printFaces(
  context: Pick<CliContext, 'print' | 'style'>,
  faces: readonly SearchedFace[],
  bars: ScoreBars,
): void {
  if (faces.length === 0) context.print('No face was found.');
  for (const { index, box, candidates } of faces) {
    const at = `${Math.round(box.x)}, ${Math.round(box.y)}`;
    context.print(`Face ${index + 1} of ${faces.length} (at ${at})\n${searchTable(candidates, bars, context.style)}\n`);
  }
}
