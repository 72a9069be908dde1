import type { ProgressStream } from './progress.mode.js';

/**
 * A few lines at the bottom of a terminal that are rewritten in place.
 *
 * Neither hides the cursor nor switches line wrapping off: whenever the program ends, by Ctrl-C or by a crash, there
 * is nothing to restore. For that the lines must not be longer than the terminal is wide, or one would take two rows.
 */
export class LiveArea {
  private height = 0;

  constructor(private readonly stream: ProgressStream) {}

  /** Each draw is one write, so that nothing flickers. */
  draw(lines: readonly string[]): void {
    const cleared = lines.map((line) => `${line}${CLEAR_LINE}\n`).join('');
    this.stream.write(`${this.up()}${cleared}${CLEAR_BELOW}`);
    this.height = lines.length;
  }

  /** A line that stays, above the area. */
  print(line: string, lines: readonly string[]): void {
    this.stream.write(`${this.up()}${line}${CLEAR_LINE}\n`);
    this.height = 0;
    this.draw(lines);
  }

  private up(): string {
    return this.height === 0 ? '' : `\u001b[${this.height}A\r`;
  }
}

const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';
