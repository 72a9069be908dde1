import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonExcess } from './json.excess.js';

const excessOf = (text: string): string | undefined => jsonExcess(Buffer.from(text));
const object = (members: number): string => `{${Array.from({ length: members }, (_, i) => `"k${i}":1`).join()}}`;

describe('what is too much about JSON', () => {
  it('is nothing for what requests hold, whatever is in their texts', () => {
    const photo = JSON.stringify({ image: { bytes: 'A'.repeat(1_000_000) } });
    expect(excessOf(photo)).toBeUndefined();
    fc.assert(fc.property(fc.json({ maxDepth: 5 }), (text) => excessOf(text) === undefined));
    const texts = fc.array(fc.string({ unit: fc.constantFrom('"', '\\', '[', '{', ',', 'a') }), { maxLength: 20 });
    fc.assert(fc.property(texts, (list) => excessOf(JSON.stringify([list, 1])) === undefined));
  });

  it('is more than 64 levels, of lists and of objects', () => {
    expect(excessOf('['.repeat(64) + ']'.repeat(64))).toBeUndefined();
    expect(excessOf('['.repeat(65))).toBe('more than 64 levels');
    expect(excessOf('{"a":'.repeat(65))).toBe('more than 64 levels');
    // One after the other is not one in the other.
    expect(excessOf(`[${'[],{},'.repeat(1000)}1]`)).toBeUndefined();
  });

  it('is an object of more than 1000 members, wherever it is; a list may have more', () => {
    expect(excessOf(object(1000))).toBeUndefined();
    expect(excessOf(object(1001))).toBe('an object of more than 1000 members');
    expect(excessOf(`{"metadata":[1,${object(1001)}]}`)).toBe('an object of more than 1000 members');
    expect(excessOf(`[${'1,'.repeat(5000)}1]`)).toBeUndefined();
    // What stands in a list of a member is none of the members.
    expect(excessOf(`{"tags":[${'1,'.repeat(5000)}1],"a":1}`)).toBeUndefined();
  });

  it.each([
    ['values of a list', `[${'1,'.repeat(250_000)}1]`],
    ['lists in a list', `[${'[],'.repeat(130_000)}1]`],
    ['quotes of a text', JSON.stringify('"'.repeat(250_001))],
    ['texts without a comma between', '""'.repeat(250_001)],
  ])('is more than 250 000 %s', (_what, text) => {
    expect(excessOf(text)).toBe('more than 250000 values');
  });

  it('is nothing for what is no JSON: the parser says that', () => {
    for (const text of ['', '}', ']]]', ',,,', '"', '"\\', '{"a"', '\\"']) expect(excessOf(text)).toBeUndefined();
  });
});
