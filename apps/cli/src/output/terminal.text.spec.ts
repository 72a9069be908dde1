import { describe, expect, it } from 'vitest';
import { columnsOf, cutEnd, cutMiddle, padEnd, padStart, plainLine, wrapParts, wrapWords } from './terminal.text.js';

describe('terminal text', () => {
  it('counts columns, not code units', () => {
    expect([columnsOf('王芳'), columnsOf('e\u0301'), columnsOf('👨‍👩‍👧'), columnsOf('\u001b[31mred\u001b[0m')]).toEqual([
      4, 1, 2, 3,
    ]);
    expect([padEnd('王', 4), padStart('王', 4)]).toEqual(['王  ', '  王']);
  });

  it('cuts between characters and never above the width', () => {
    expect(cutEnd('Anna Müller', 6)).toBe('Anna …');
    expect(cutEnd('王芳王芳', 6)).toBe('王芳…');
    expect(cutMiddle('holiday/beach/IMG_1234.jpg', 16)).toBe('holid…G_1234.jpg');
    for (let width = 1; width < 12; width += 1) {
      expect(columnsOf(cutMiddle('写真/👨‍👩‍👧 family.jpg', width))).toBeLessThanOrEqual(width);
    }
  });

  it('wraps without breaking parts', () => {
    expect(wrapWords('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrapParts(['1 photo', '2 faces'], ' · ', 17)).toEqual(['1 photo · 2 faces']);
    expect(wrapParts(['1 photo', '2 faces'], ' · ', 16)).toEqual(['1 photo', '2 faces']);
  });

  it('takes the teeth out of control characters', () => {
    expect(plainLine('a\u001b[2Jb\r\nc\u202egpj.exe')).toBe('a [2Jb c gpj.exe');
  });
});
