import type { CliContext } from '../../cli.context.js';
import type { EmbeddedFile } from './embed.photos.js';

/** Photos named one by one; of more, the number. */
const NAMED = 5;

/** Remarks on photos that could not be read; they count as photos without a face. */
export function tellUnreadable(context: Pick<CliContext, 'note'>, files: readonly EmbeddedFile[]): void {
  const problems = files.flatMap(({ path, problem }) => (problem === undefined ? [] : [`  ${path}: ${problem}`]));
  if (problems.length === 0) return;
  context.note(`${problems.length} photos could not be read and count as photos without a face:`);
  for (const line of problems.slice(0, NAMED)) context.note(line);
  if (problems.length > NAMED) context.note(`  and ${problems.length - NAMED} more`);
}
