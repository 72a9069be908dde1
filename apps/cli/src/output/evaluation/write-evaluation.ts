import { join } from 'node:path';
import type { CliContext } from '../../cli.context.js';
import { writeWhole } from '../write-whole.js';

export interface EvaluationFiles {
  readonly json: unknown;
  readonly html: string;
  readonly markdown: string;
}

/** Writes `<name>.json`, `.html` and `.md` into the folder, which is made if need be. */
export async function writeEvaluation(
  context: Pick<CliContext, 'note'>,
  folder: string,
  name: string,
  { json, html, markdown }: EvaluationFiles,
): Promise<void> {
  await writeWhole(join(folder, `${name}.json`), `${JSON.stringify(json, undefined, 2)}\n`);
  await writeWhole(join(folder, `${name}.html`), html);
  await writeWhole(join(folder, `${name}.md`), markdown);
  context.note(`Wrote ${join(folder, name)}.json, .html and .md`);
}

/** A table of one row, to be set beside the rows of other runs. */
export const markdownRow = (cells: readonly (readonly [title: string, value: string])[]): string =>
  `| ${cells.map(([title]) => title).join(' | ')} |\n|${' --- |'.repeat(cells.length)}\n| ${cells.map(([, value]) => value).join(' | ')} |\n`;
