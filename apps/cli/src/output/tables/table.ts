import pc from 'picocolors';
import { columnsOf, cutEnd, cutMiddle, padEnd, padStart, plainLine, wrapParts, wrapWords } from '../terminal.text.js';

export interface TableStyle {
  /** Whether to use ANSI colours. */
  readonly color: boolean;
  /** Columns of the terminal. Default 80. */
  readonly width?: number;
}

export type Tone = 'good' | 'warn' | 'bad' | 'dim' | 'strong';

/** A phrase that is kept on one line where it fits. */
export interface Phrase {
  readonly text: string;
  readonly tone?: Tone;
  /** What gives way when it is longer than a line. Default: the end. */
  readonly cut?: 'end' | 'middle';
}

/** A plain text, phrases set one after the other with commas, or a sentence that may break at every space. */
export type Cell = string | readonly Phrase[] | { readonly sentence: string; readonly tone?: Tone };

export interface Column {
  readonly title: string;
  /** Default left; numbers go right. */
  readonly align?: 'left' | 'right';
  /** What gives way when the table is wider than the terminal. Default: the end. */
  readonly cut?: 'end' | 'middle';
  /** Widest it may be, as a share of the table. */
  readonly share?: number;
}

const GAP = '  ';
/** What a terminal has when it does not say. */
export const DEFAULT_WIDTH = 80;

/**
 * Aligned columns under a thin rule. The last column takes the room that is left and wraps; the others are cut.
 * Without colours the text is the same, so that a table in a file or a pipe reads like the one on the screen.
 */
export function renderTable(columns: readonly Column[], rows: readonly (readonly Cell[])[], style: TableStyle): string {
  const total = Math.max(40, style.width ?? DEFAULT_WIDTH);
  const widths = fitWidths(columns, rows, total);
  const paint = painter(style.color);
  const head = columns.map((column, at) => align(cutEnd(column.title, widths[at]!), column, widths[at]!));
  const lines = [
    paint(head.join(GAP).trimEnd(), 'strong'),
    paint(widths.map((width) => '─'.repeat(width)).join(GAP), 'dim'),
  ];
  for (const row of rows) lines.push(...renderRow(columns, row, widths, paint));
  return lines.join('\n');
}

/** Text in a tone, or as it is when colours are off. */
export function painter(color: boolean): (text: string, tone: Tone | undefined) => string {
  const colors = pc.createColors(color);
  const tones = { good: colors.green, warn: colors.yellow, bad: colors.red, dim: colors.dim, strong: colors.bold };
  return (text, tone) => (tone === undefined ? text : tones[tone](text));
}

type Paint = ReturnType<typeof painter>;

function renderRow(
  columns: readonly Column[],
  row: readonly Cell[],
  widths: readonly number[],
  paint: Paint,
): readonly string[] {
  const cells = columns.map((column, at) => layOut(row[at] ?? '', column, widths[at]!, paint));
  const height = Math.max(...cells.map((cell) => cell.length));
  return Array.from({ length: height }, (_, line) =>
    columns
      .map((column, at) => align(cells[at]?.[line] ?? '', column, widths[at]!))
      .join(GAP)
      .trimEnd(),
  );
}

/** The lines of one cell. */
function layOut(cell: Cell, column: Column, width: number, paint: Paint): readonly string[] {
  if (typeof cell === 'string') return [cutter(column.cut)(plainLine(cell), width)];
  if ('sentence' in cell) return wrapWords(plainLine(cell.sentence), width).map((line) => paint(line, cell.tone));
  const phrases = cell.map(({ text, tone, cut }, at) => {
    const comma = at < cell.length - 1 ? ',' : '';
    return paint(cutter(cut)(plainLine(text), width - comma.length), tone) + comma;
  });
  return wrapParts(phrases, ' ', width);
}

const cutter = (cut: Column['cut']) => (cut === 'middle' ? cutMiddle : cutEnd);

function fitWidths(columns: readonly Column[], rows: readonly (readonly Cell[])[], total: number): readonly number[] {
  const widths = columns.map(({ title, share = 1 }, at) => {
    const natural = rows.reduce((widest, row) => Math.max(widest, naturalWidth(row[at] ?? '')), columnsOf(title));
    return Math.min(natural, Math.floor(total * share));
  });
  const others = widths.slice(0, -1).reduce((sum, width) => sum + width + GAP.length, 0);
  return [...widths.slice(0, -1), Math.max(10, Math.min(widths.at(-1) ?? 0, total - others))];
}

function naturalWidth(cell: Cell): number {
  if (typeof cell === 'string') return columnsOf(plainLine(cell));
  if ('sentence' in cell) return columnsOf(plainLine(cell.sentence));
  return columnsOf(cell.map(({ text }) => plainLine(text)).join(', '));
}

const align = (text: string, column: Column, width: number): string =>
  column.align === 'right' ? padStart(text, width) : padEnd(text, width);
