import { LANE_BYTES, openKernel, WASM_PAGE_BYTES, type DotKernel, type WasmMemory } from './dot.kernel.js';
import { LargestValues } from './largest.values.js';
import { quantise, type QuantisedVector } from './quantised.vector.js';

const LEVELS = 127;
/** Vectors that are compared with every query of a call before the next ones: 512 KB at 512 numbers, a core's cache. */
const BLOCK = 1024;
/** Row (8), scale (4) and error (4) beside the codes. */
const BESIDE_BYTES = 16;
/** How much room is made at a time, in proportion: growing copies what lies beside the codes. */
const GROWTH = 1.25;

/**
 * The vectors of one partition as 8-bit numbers, with a bound on what each has lost, in the order of their rows.
 *
 * It does not rank: it says which rows may be among the nearest, and leaves out only those that cannot. With a vector
 * v = c + e, where c is what the codes say and e the rest, and likewise a query q = d + f, the cosine q.v differs from
 * d.c by at most |e||d| + |f| (Cauchy and Schwarz). So every row has a lower and an upper bound, and a row whose upper
 * bound is below the limit-th best lower bound is not among the first `limit`.
 */
export class CoarseMatrix {
  readonly #dimension: number;
  readonly #stride: number;
  readonly #memory: WasmMemory;
  readonly #dots: DotKernel;
  /** Start of the vectors in the memory, behind one query and one block of sums. */
  readonly #start: number;
  #rows = new Float64Array(0);
  #scales = new Float32Array(0);
  #errors = new Float32Array(0);
  #size = 0;

  constructor(dimension: number) {
    this.#dimension = dimension;
    this.#stride = strideOf(dimension);
    this.#start = 2 * this.#stride + 4 * BLOCK;
    const { memory, dots } = openKernel(Math.ceil(this.#start / WASM_PAGE_BYTES));
    this.#memory = memory;
    this.#dots = dots;
  }

  /** Bytes that so many vectors take. */
  static bytesFor(dimension: number, size: number): number {
    return (strideOf(dimension) + BESIDE_BYTES) * size;
  }

  get size(): number {
    return this.#size;
  }

  /** Bytes held, with the room for more. */
  get bytes(): number {
    return this.#memory.buffer.byteLength + this.#rows.length * BESIDE_BYTES;
  }

  /** 0 when empty. */
  get lastRow(): number {
    return this.#rows[this.#size - 1] ?? 0;
  }

  /** Rows come in rising order. */
  append(row: number, vector: Float32Array): void {
    if (this.#size === this.#rows.length) this.#makeRoom();
    const at = this.#size;
    const codes = new Int8Array(this.#memory.buffer, this.#start + at * this.#stride, this.#dimension);
    const { scale, error } = quantise(vector, codes, LEVELS);
    this.#rows[at] = row;
    this.#scales[at] = scale;
    this.#errors[at] = error;
    this.#size += 1;
  }

  /** Drops, and overwrites, every vector whose row is not in `rows` (rising). */
  keepOnly(rows: readonly number[]): void {
    const codes = new Uint8Array(this.#memory.buffer, this.#start);
    let kept = 0;
    let next = 0;
    for (let at = 0; at < this.#size; at += 1) {
      while (next < rows.length && rows[next]! < this.#rows[at]!) next += 1;
      if (rows[next] !== this.#rows[at]) continue;
      codes.copyWithin(kept * this.#stride, at * this.#stride, (at + 1) * this.#stride);
      for (const beside of [this.#rows, this.#scales, this.#errors]) beside[kept] = beside[at]!;
      kept += 1;
    }
    codes.fill(0, kept * this.#stride, this.#size * this.#stride);
    for (const beside of [this.#rows, this.#scales, this.#errors]) beside.fill(0, kept, this.#size);
    this.#size = kept;
  }

  /** Per query the rows, rising, that may be among its `limit` nearest: all that are, and a few more. */
  candidates(queries: readonly Float32Array[], limit: number): number[][] {
    // So that the sum of as many products as there are numbers, each at its largest, fits 32 bits.
    const levels = Math.min(32_767, Math.floor((2 ** 31 - 1) / (LEVELS * this.#dimension)));
    const quantised = queries.map((query) => {
      const codes = new Int16Array(this.#stride);
      return { codes, ...quantise(query, codes, levels), cosines: new Float32Array(this.#size) };
    });
    for (let from = 0; from < this.#size; from += BLOCK) {
      for (const query of quantised) this.#compare(query, from);
    }
    return quantised.map((query) => this.#withinReach(query, query.cosines, limit));
  }

  #compare(query: QuantisedVector & { codes: Int16Array; cosines: Float32Array }, from: number): void {
    const count = Math.min(BLOCK, this.#size - from);
    const sumsAt = 2 * this.#stride;
    new Int16Array(this.#memory.buffer, 0, this.#stride).set(query.codes);
    this.#dots(this.#start + from * this.#stride, count, this.#stride, 0, sumsAt);
    const sums = new Int32Array(this.#memory.buffer, sumsAt, count);
    for (let at = 0; at < count; at += 1) {
      query.cosines[from + at] = sums[at]! * this.#scales[from + at]! * query.scale;
    }
  }

  #withinReach(query: QuantisedVector, cosines: Float32Array, limit: number): number[] {
    // The exact score is a cosine summed in float32: its rounding grows with the numbers summed (three sums of them).
    const rounding = (3 * this.#dimension + 16) * 2 ** -24;
    const errorOf = (at: number): number => this.#errors[at]! * (1 + query.error) + query.error + rounding;
    const best = new LargestValues(Math.min(limit, this.#size));
    for (let at = 0; at < this.#size; at += 1) best.offer(cosines[at]! - errorOf(at));
    const rows: number[] = [];
    for (let at = 0; at < this.#size; at += 1) {
      if (cosines[at]! + errorOf(at) >= best.least) rows.push(this.#rows[at]!);
    }
    return rows;
  }

  #makeRoom(): void {
    const room = Math.ceil((this.#size + BLOCK) * GROWTH);
    const needed = this.#start + room * this.#stride - this.#memory.buffer.byteLength;
    if (needed > 0) this.#memory.grow(Math.ceil(needed / WASM_PAGE_BYTES));
    const larger = <T extends Float32Array | Float64Array>(old: T, made: T): T => (made.set(old), made);
    this.#rows = larger(this.#rows, new Float64Array(room));
    this.#scales = larger(this.#scales, new Float32Array(room));
    this.#errors = larger(this.#errors, new Float32Array(room));
  }
}

const strideOf = (dimension: number): number => Math.ceil(dimension / LANE_BYTES) * LANE_BYTES;
