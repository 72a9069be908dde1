import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { slugSchema, uuidSchema } from '@facelane/contracts';
import { ProblemError } from '../problem/problem.error.js';
import { cursorAfter, readCursor } from './cursor.js';

const id = '6f1d0c1e-4b7a-4d0e-9a51-c3f2d8e7b604';
const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const INVALID = { code: 'API.REQUEST_INVALID', errors: [{ path: 'query.cursor' }] };
const read = (cursor: string, schema: z.ZodType<string> = uuidSchema) => readCursor(cursor, 'assets', schema);

describe('a cursor', () => {
  it('goes on after the item that it was made for; without one a list begins', () => {
    const cursor = cursorAfter('assets', id);
    expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(read(cursor)).toBe(id);
    expect(readCursor(undefined, 'assets', uuidSchema)).toBeUndefined();
  });

  it('fits the parameter, however long the item is', () => {
    expect(cursorAfter('collections', 'a'.repeat(63)).length).toBeLessThan(512);
  });

  it.each([
    ['another list', cursorAfter('people', id)],
    ['another version', encoded({ v: 2, list: 'assets', after: id })],
    ['no item', encoded({ v: 1, list: 'assets' })],
    ['more than a cursor', encoded({ v: 1, list: 'assets', after: id, tenant: 'other' })],
    ['an item of another kind', cursorAfter('assets', 'friends')],
    ['a path', cursorAfter('assets', '../../other/assets')],
    ['no JSON', Buffer.from('{"v":1').toString('base64url')],
    ['a list', encoded([1, 'assets', id])],
    ['null', encoded(null)],
    ['nothing', ''],
  ])('of %s is refused', (_what, cursor) => {
    expect(() => read(cursor)).toThrow(expect.objectContaining({ code: INVALID.code }) as Error);
    try {
      read(cursor);
    } catch (error) {
      expect(error).toMatchObject(INVALID);
    }
  });

  it.each(['..', '../x', 'a/b', 'A', '', '\0', 'a'.repeat(64), '%2e%2e'])('never positions at %j', (after) => {
    expect(() => read(cursorAfter('assets', after), slugSchema)).toThrow(ProblemError);
  });

  it('of anything at all is refused or made by us', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(() => read(text)).toThrow(ProblemError);
      }),
    );
  });
});
