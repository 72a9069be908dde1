/**
 * Largest JSON, bytes: two photos of 4 MiB as base64, and something beside them. It is parsed on the thread that serves
 * everybody; more comes as a form, or as an upload.
 */
export const MAX_JSON_BYTES = 12 * 1024 * 1024;

/** Ten thousand photos by reference, each with a handful of tags, have fewer values. */
const MAX_VALUES = 250_000;
/** Nothing in the description nests deeper than a few levels. */
const MAX_DEPTH = 64;
/** No object in the description has so many members. */
const MAX_MEMBERS = 1_000;

const [QUOTE, COMMA, BACKSLASH] = [0x22, 0x2c, 0x5c];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * What is too much about JSON, said as what it has; undefined when it may be parsed. Small texts can be costly: a
 * megabyte of brackets, or of one-letter members, takes seconds to parse and check, and gigabytes. So its shape is looked
 * at first, in one pass (12 ms for 12 MiB of digits, less for anything else), and only as far as it is acceptable. Whether
 * it is JSON at all is for the parser to say.
 */
export function jsonExcess(text: Buffer): string | undefined {
  /** Members of each object that is open, counted by their commas; a list counts as none. */
  const open: number[] = [];
  let values = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text[at]) {
      case QUOTE: {
        const { end, escaped } = endOfString(text, at, MAX_VALUES - values);
        at = end;
        values += 1 + escaped;
        break;
      }
      case OPEN_OBJECT:
      case OPEN_ARRAY:
        if (open.push(text[at] === OPEN_OBJECT ? 1 : -Infinity) > MAX_DEPTH) return `more than ${MAX_DEPTH} levels`;
        values += 1;
        break;
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        open.pop();
        break;
      case COMMA:
        values += 1;
        open.push((open.pop() ?? 0) + 1);
        if (open.at(-1)! > MAX_MEMBERS) return `an object of more than ${MAX_MEMBERS} members`;
        break;
      default: // Digits, colons, white space, and what is no JSON.
        break;
    }
    if (values > MAX_VALUES) return `more than ${MAX_VALUES} values`;
  }
  return undefined;
}

/** Where the string that begins at `start` ends, and how many quotes it has in it, of which `most` are looked at. */
function endOfString(text: Buffer, start: number, most: number): { end: number; escaped: number } {
  let end = text.indexOf(QUOTE, start + 1);
  let escaped = 0;
  while (end !== -1 && escaped <= most && isEscaped(text, end)) {
    escaped += 1;
    end = text.indexOf(QUOTE, end + 1);
  }
  return { end: end === -1 ? text.length : end, escaped };
}

function isEscaped(text: Buffer, at: number): boolean {
  let before = at - 1;
  while (text[before] === BACKSLASH) before -= 1;
  return (at - before) % 2 === 0;
}
