/**
 * As much of the WebAssembly binary format as the kernel beside this file needs (WebAssembly Core Specification 2.0,
 * chapter 5): numbers, vectors of things, sections, and the instructions by their names in the specification.
 */
export type Code = readonly number[];

export const TYPE = { i32: 0x7f, v128: 0x7b } as const;

/** Unsigned LEB128. */
export function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...unsigned(Math.floor(value / 0x80))];
}

/** A count, and that many things behind it. */
export const list = (...items: Code[]): Code => [...unsigned(items.length), ...items.flat()];

export const text = (name: string): Code => list(...[...Buffer.from(name, 'utf8')].map((byte) => [byte]));

export const section = (id: number, content: Code): Code => [id, ...unsigned(content.length), ...content];

/** Kinds of sections that a module may have, in the order in which they must come. */
export const SECTION = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const;

const vector = (opcode: number): Code => [0xfd, ...unsigned(opcode)];
const ANY_ALIGNMENT = 0;

export const op = {
  /** Repeats its body for as long as the condition on the stack, at the body's end, is not zero. */
  repeat: (...body: Code[]): Code => [0x03, 0x40, ...body.flat(), 0x0d, 0, 0x0b],
  end: [0x0b],
  get: (local: number): Code => [0x20, ...unsigned(local)],
  set: (local: number): Code => [0x21, ...unsigned(local)],
  /** Sets and leaves the value on the stack. */
  tee: (local: number): Code => [0x22, ...unsigned(local)],
  /** 0..63: from there on the format's signed numbers differ from its unsigned ones. */
  i32Const: (value: number): Code => [0x41, value],
  i32Add: [0x6a],
  i32Sub: [0x6b],
  i32LessThan: [0x49],
  i32Store: [0x36, 2, 0],
  v128Load: (offset: number): Code => [...vector(0x00), ANY_ALIGNMENT, ...unsigned(offset)],
  v128Zero: [...vector(0x0c), ...new Array<number>(16).fill(0)],
  i32x4Lane: (lane: number): Code => [...vector(0x1b), lane],
  i32x4Add: vector(0xae),
  /** Eight products of 16-bit numbers, summed in pairs. */
  i32x4Dot: vector(0xba),
  i16x8ExtendLow: vector(0x87),
  i16x8ExtendHigh: vector(0x88),
} as const;
