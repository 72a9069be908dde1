/** A photo by person and number, as LFW's lists name it. */
export interface LfwPhoto {
  readonly person: string;
  /** From 1. */
  readonly number: number;
}

export interface LfwPair {
  readonly first: LfwPhoto;
  readonly second: LfwPhoto;
  readonly same: boolean;
}

/** Path of a photo below the data set's folder, e.g. `Ada_Byron/Ada_Byron_0001.jpg`. */
export function lfwPath({ person, number }: LfwPhoto): string {
  return `${person}/${person}_${String(number).padStart(4, '0')}.jpg`;
}

/**
 * Reads a pair list of Labeled Faces in the Wild (http://vis-www.cs.umass.edu/lfw/README.txt): the first line holds
 * `folds TAB n` or only `n`; then each fold has n lines `person i j` (same) and n lines `person i person j`.
 *
 * @throws RangeError naming the line that does not fit.
 */
export function parseLfwPairs(text: string): LfwPair[][] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const head = (lines[0] ?? '').trim().split(/\s+/).map(Number);
  const [folds, perKind] = head.length === 2 ? head : [1, head[0]];
  if (!isCount(folds) || !isCount(perKind)) {
    throw new RangeError(`Line 1 of the pair list should be one or two counts, not "${lines[0] ?? ''}".`);
  }
  const expected = folds * perKind * 2;
  if (lines.length - 1 !== expected) {
    throw new RangeError(`The pair list announces ${expected} pairs and holds ${lines.length - 1}.`);
  }
  const pairs = lines.slice(1).map((line, i) => parsePair(line, i + 2));
  return Array.from({ length: folds }, (_, fold) => pairs.slice(fold * perKind * 2, (fold + 1) * perKind * 2));
}

const isCount = (value: number | undefined): value is number => Number.isInteger(value) && (value ?? 0) > 0;

function parsePair(line: string, lineNumber: number): LfwPair {
  const fields = line.trim().split(/\s+/);
  const [a = '', i, b, j] = fields.length === 3 ? [fields[0], fields[1], fields[0], fields[2]] : fields;
  const first = { person: a, number: Number(i) };
  const second = { person: b ?? '', number: Number(j) };
  if (fields.length < 3 || fields.length > 4 || !isCount(first.number) || !isCount(second.number)) {
    throw new RangeError(`Line ${lineNumber} of the pair list is not a pair: "${line}".`);
  }
  return { first, second, same: fields.length === 3 };
}
