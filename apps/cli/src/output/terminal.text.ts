import stringWidth from 'string-width';

/**
 * A name or path as one line that is safe to print: control characters could move the cursor or change the title of
 * the terminal, and bidirectional overrides could make one name look like another.
 */
export function plainLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();
}

/** Columns that the text takes in a terminal; wide scripts and emoji take two per character, colours none. */
export const columnsOf = (text: string): number => stringWidth(text);

export const padEnd = (text: string, columns: number): string => text + ' '.repeat(room(text, columns));
export const padStart = (text: string, columns: number): string => ' '.repeat(room(text, columns)) + text;

/** Cut at the end: a name is known by how it begins. */
export function cutEnd(text: string, columns: number): string {
  return columnsOf(text) <= columns ? text : `${take(characters(text), columns - 1).join('')}…`;
}

/** Cut in the middle: a path is known by its first folder and by the file's own name. */
export function cutMiddle(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  const all = characters(text);
  const head = take(all, Math.floor((columns - 1) / 3));
  const tail = take(all.toReversed(), columns - 1 - columnsOf(head.join(''))).toReversed();
  return `${head.join('')}…${tail.join('')}`;
}

/** Breaks a sentence at spaces. A word longer than a line is cut. */
export const wrapWords = (text: string, columns: number): readonly string[] =>
  wrapParts(
    text.split(' ').map((word) => cutEnd(word, columns)),
    ' ',
    columns,
  );

/** Sets parts one after the other with a separator, on as few lines as hold them. No part is broken. */
export function wrapParts(parts: readonly string[], separator: string, columns: number): readonly string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const line = lines.at(-1);
    const longer = `${line ?? ''}${separator}${part}`;
    if (line !== undefined && columnsOf(longer) <= columns) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines.length === 0 ? [''] : lines;
}

function take(all: readonly string[], columns: number): readonly string[] {
  let used = 0;
  const end = all.findIndex((character) => (used += columnsOf(character)) > columns);
  return end === -1 ? all : all.slice(0, end);
}

const characters = (text: string): string[] => [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);

const room = (text: string, columns: number): number => Math.max(0, columns - columnsOf(text));
