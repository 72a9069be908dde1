import type { CliContext } from '../../cli.context.js';
import { EXIT_CODES } from '../../output/exit-codes.js';
import type { RunFacts } from '../../output/evaluation/run.facts.js';
import { writeEvaluation } from '../../output/evaluation/write-evaluation.js';

export interface Evaluation<Measured extends object> {
  /** Of the files. */
  readonly name: string;
  readonly measured: Measured;
  /** What the JSON file has besides. */
  readonly more?: object;
  /** performance.now() before the first photo. */
  readonly started: number;
  /** Folder of the files. Default: none are written. */
  readonly out: string | undefined;
  readonly page: (measured: Measured, facts: RunFacts) => string;
  readonly row: (measured: Measured) => string;
  readonly text: (measured: Measured) => string;
}

/** What every evaluation ends with: its files, if they are asked for, and its figures on the terminal. */
export async function tellEvaluation<Measured extends object>(
  context: CliContext,
  { name, measured, more, started, out, page, row, text }: Evaluation<Measured>,
): Promise<number> {
  const facts = { createdAt: new Date().toISOString(), seconds: (performance.now() - started) / 1000 };
  if (out !== undefined) {
    const json = { ...measured, ...facts, ...more };
    await writeEvaluation(context, out, name, { json, html: page(measured, facts), markdown: row(measured) });
  }
  context.print(context.json ? JSON.stringify(measured) : text(measured));
  return EXIT_CODES.ok;
}
