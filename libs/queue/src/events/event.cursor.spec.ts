import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cursorTime, isBehind, newEpoch, readCursor, writeCursor } from './event.cursor.js';

const number = fc.integer({ min: 0, max: 999_999_999_999_999 });

describe('a cursor', () => {
  it('is read as it was written, and fits into a URL', () => {
    fc.assert(
      fc.property(number, number, (ms, n) => {
        const cursor = { epoch: newEpoch(), id: `${ms}-${n}` };
        const text = writeCursor(cursor);
        expect(readCursor(text)).toEqual(cursor);
        expect(text).toMatch(/^[\w-]{1,60}$/);
      }),
    );
  });

  it('has a place and a time, compared as numbers', () => {
    const at = (id: string): string => writeCursor({ epoch: '0123456789ab', id });
    const places = ['9-0', '9-9', '9-10', '10-1', '1700000000000-0'].map(at);
    for (const [i, one] of places.entries()) {
      expect(places.map((other) => isBehind(one, other))).toEqual(places.map((_, j) => i < j));
    }
    expect(cursorTime(places.at(-1)!)).toEqual(new Date(1_700_000_000_000));
  });

  it('is refused when it is anything else', () => {
    const good = writeCursor({ epoch: '0123456789ab', id: '1700000000000-0' });
    const wrong = (plain: string): string => Buffer.from(plain).toString('base64url');
    const texts = [
      ...['', '0-0', '$', `${good}=`, ` ${good}`, good.slice(1), `${good}${good}`],
      ...[wrong('0123456789ab'), wrong('0123456789ab.1'), wrong('.1-0'), wrong('0123456789AB.1-0')],
      ...[wrong('0123456789ab.9999999999999999-0'), wrong('0123456789ab.1-0\n'), wrong('0123456789ab.+-0')],
    ];
    for (const text of texts) expect(() => readCursor(text), text).toThrow('none that a log of events gave');
  });

  it('is refused for any text that it was not', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => readCursor(text)).toThrow(expect.objectContaining({ code: 'EVENTS.CURSOR_INVALID' }) as Error);
      }),
    );
  });
});
