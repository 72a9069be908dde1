import { z } from 'zod';
import { ProblemError } from '../problem/problem.error.js';

const cursorSchema = z.strictObject({ v: z.literal(1), list: z.string(), after: z.string().max(256) });

/** A cursor of the named list that goes on after the item. */
export const cursorAfter = (list: string, after: string): string =>
  Buffer.from(JSON.stringify({ v: 1, list, after })).toString('base64url');

/**
 * Where a cursor goes on. It only ever positions within a list that the caller may read anyway, so it needs no
 * signature; what it holds is checked like any other input.
 *
 * @throws ProblemError API.REQUEST_INVALID when it is none, or is another list's.
 */
export function readCursor(
  cursor: string | undefined,
  list: string,
  itemSchema: z.ZodType<string>,
): string | undefined {
  if (cursor === undefined) return undefined;
  const parsed = cursorSchema.safeParse(parse(cursor));
  if (parsed.success && parsed.data.list === list) {
    const item = itemSchema.safeParse(parsed.data.after);
    if (item.success) return item.data;
  }
  throw new ProblemError('API.REQUEST_INVALID', 'The cursor is none of this list.', {
    errors: [{ path: 'query.cursor', message: 'hand back `next` of the page before, or start without a cursor' }],
  });
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
