const LF = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const CR = 0x0d;
const AFTER_QUOTE = new Set([COMMA, CR, LF]);

/**
 * Bytes of the first line, with its end. Undefined when it is not known yet; at the end of the text the rest is a line.
 */
export function findLineEnd(text: Buffer, isAll: boolean): number | undefined {
  const at = text.indexOf(LF);
  if (at >= 0) return at + 1;
  return isAll ? text.length : undefined;
}

/**
 * The same of the first CSV record: a quote at the start of a field opens it, two within it stand for one, and line
 * ends before the closing one belong to the field (RFC 4180). When something else follows a closing quote on a later line, it is the opening one that is wrong: only its
 * line is taken, so that the lines up to there are not lost. Undefined also for a text that ends between quotes.
 */
export function findRecordEnd(text: Buffer, isAll: boolean): number | undefined {
  const lineEnd = findLineEnd(text, isAll);
  if (lineEnd === undefined) return undefined;
  if (!text.subarray(0, lineEnd).includes(QUOTE)) return lineEnd;
  let quoted = false;
  let fieldStarts = true;
  for (let at = 0; at < text.length; at++) {
    const byte = text[at];
    if (quoted) {
      if (byte !== QUOTE) continue;
      const next = text[at + 1];
      if (next === QUOTE) at++;
      else if (at > lineEnd && next !== undefined && !AFTER_QUOTE.has(next)) return lineEnd;
      else quoted = false;
    } else if (byte === LF) {
      return at + 1;
    } else {
      quoted = fieldStarts && byte === QUOTE;
      fieldStarts = byte === COMMA;
    }
  }
  return isAll && !quoted ? text.length : undefined;
}
