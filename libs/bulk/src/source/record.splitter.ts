import { findLineEnd, findRecordEnd } from './record.end.js';
import type { ManifestPlace } from './source.cursor.js';

/** Bytes of a line, or of a CSV record, without its end. */
const MAX_LINE_BYTES = 64 * 1024;
/** With its end, which is LF or CR LF. */
const WINDOW = MAX_LINE_BYTES + 2;
/** Bytes of a line that is too long which are kept to be shown. */
const KEPT = 1024;
const LF = 0x0a;
const CR = 0x0d;

export interface TextRecord {
  /** Number of the line it starts on. */
  readonly line: number;
  /** Where the next one starts. */
  readonly end: ManifestPlace;
  /** Without the end of the line; of one that is too long the start. */
  readonly bytes: Uint8Array;
  /** `long`: over 64 KiB. `open`: a quote that is closed on no line of the next 64 KiB; reading goes on at the next line. */
  readonly fault?: 'long' | 'open';
}

/**
 * Takes text apart into lines, or into CSV records, which go on over line ends between quotes. A line ends with LF or
 * CR LF, so that lines have the numbers an editor shows. Holds 64 KiB and a piece of the text, however long a line is.
 */
export class RecordSplitter {
  #rest: Buffer = Buffer.alloc(0);
  #ended = false;
  /** Of the text; said when what came before it is used up. */
  #failure: { readonly error: unknown } | undefined;
  #place: ManifestPlace;
  readonly #text: AsyncIterator<Uint8Array>;

  /** @param place of the first byte of the text */
  constructor(text: AsyncIterable<Uint8Array>, place: ManifestPlace) {
    this.#text = text[Symbol.asyncIterator]();
    this.#place = place;
  }

  /** The next line, or the next CSV record; undefined at the end. */
  async next(kind: 'line' | 'record'): Promise<TextRecord | undefined> {
    const find = kind === 'line' ? findLineEnd : findRecordEnd;
    for (;;) {
      const window = this.#rest.subarray(0, WINDOW);
      const isAll = this.#ended && window.length === this.#rest.length;
      const length = find(window, isAll);
      if (length !== undefined) return length === 0 ? undefined : this.#take(length);
      if (window.length === WINDOW || isAll) return this.#takeFaulty(window);
      await this.#fill(Math.max(4096, this.#rest.length * 2));
    }
  }

  /** The bytes that come next, so many if there are, which stay to be read. */
  async peek(bytes: number): Promise<Uint8Array> {
    if (this.#rest.length < bytes && !this.#ended && this.#failure === undefined) await this.#fill(bytes);
    return this.#rest.subarray(0, bytes);
  }

  /** Goes on at a place further on. */
  async skipTo(place: ManifestPlace): Promise<void> {
    let missing = place.offset - this.#place.offset;
    while (missing > this.#rest.length && !this.#ended) {
      missing -= this.#rest.length;
      this.#rest = Buffer.alloc(0);
      await this.#fill(1);
    }
    this.#rest = this.#rest.subarray(missing);
    this.#place = place;
  }

  async close(): Promise<void> {
    await this.#text.return?.();
  }

  #take(length: number, fault?: 'open'): TextRecord {
    const record = this.#rest.subarray(0, length);
    const { line } = this.#place;
    this.#pass(length);
    const bytes = withoutLineEnd(record);
    if (bytes.length > MAX_LINE_BYTES) return { line, end: this.#place, bytes: bytes.subarray(0, KEPT), fault: 'long' };
    return { line, end: this.#place, bytes, ...(fault !== undefined && { fault }) };
  }

  /** No record ends within 64 KiB, or the text ends between quotes: one line of it is given up. */
  async #takeFaulty(window: Buffer): Promise<TextRecord> {
    const lineEnd = window.indexOf(LF) + 1;
    if (lineEnd > 0) return this.#take(lineEnd, 'open');
    if (window.length < WINDOW) return this.#take(window.length, 'open');
    const { line } = this.#place;
    const bytes = Buffer.from(window.subarray(0, KEPT));
    await this.#skipLine();
    return { line, end: this.#place, bytes, fault: 'long' };
  }

  async #skipLine(): Promise<void> {
    for (;;) {
      const lineEnd = this.#rest.indexOf(LF) + 1;
      this.#pass(lineEnd > 0 ? lineEnd : this.#rest.length);
      if (lineEnd > 0 || this.#ended) return;
      await this.#fill(1);
    }
  }

  #pass(length: number): void {
    let { line } = this.#place;
    const passed = this.#rest.subarray(0, length);
    for (let at = passed.indexOf(LF); at >= 0; at = passed.indexOf(LF, at + 1)) line++;
    this.#place = { line, offset: this.#place.offset + length };
    this.#rest = this.#rest.subarray(length);
  }

  /** Reads on until there are so many bytes, or no more. */
  async #fill(bytes: number): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure.error;
    const parts: Uint8Array[] = [this.#rest];
    for (let length = this.#rest.length; length < bytes;) {
      const next = await this.#text.next().catch((error: unknown) => void (this.#failure = { error }));
      if (next === undefined) break;
      if (next.done === true) {
        this.#ended = true;
        break;
      }
      parts.push(next.value);
      length += next.value.length;
    }
    this.#rest = Buffer.concat(parts);
  }
}

function withoutLineEnd(record: Buffer): Buffer {
  let end = record.length;
  if (record[end - 1] === LF) end--;
  if (end < record.length && record[end - 1] === CR) end--;
  return record.subarray(0, end);
}
