import { randomBytes } from 'node:crypto';
import { StageError } from '@facelane/contracts';

/** A place in a tenant's log: behind the entry `id`. */
export interface EventCursor {
  /** Names the log. One that begins anew, because Redis lost the old one, has another. */
  readonly epoch: string;
  /** Id of an entry of the stream, `<milliseconds>-<number>`. */
  readonly id: string;
}

/** Fifteen digits, so that Lua, which counts in doubles, compares them exactly. */
const CURSOR = /^(?<epoch>[0-9a-f]{12})\.(?<id>\d{1,15}-\d{1,15})$/;

export const newEpoch = (): string => randomBytes(6).toString('hex');

/** How a cursor is kept in Redis. */
export const plainCursor = ({ epoch, id }: EventCursor): string => `${epoch}.${id}`;

/** What others see and hand back: base64url, so that nobody is led to make one. */
export const writeCursor = (cursor: EventCursor): string => Buffer.from(plainCursor(cursor)).toString('base64url');

/** @throws StageError EVENTS.CURSOR_INVALID when it is none that `writeCursor` wrote. */
export function readCursor(text: string): EventCursor {
  const cursor = fromPlain(Buffer.from(text, 'base64url').toString('latin1'));
  // The decoder of Node passes over what is no base64url.
  if (cursor !== undefined && writeCursor(cursor) === text) return cursor;
  throw new StageError('EVENTS.CURSOR_INVALID', 'The cursor is none that a log of events gave.');
}

/** Whether the first of two cursors of one log is at an earlier place. @throws as `readCursor` */
export function isBehind(one: string, other: string): boolean {
  const [[ms, n], [otherMs, otherN]] = [placeOf(one), placeOf(other)];
  return ms < otherMs || (ms === otherMs && n < otherN);
}

/** When the event was appended that the cursor is behind. @throws as `readCursor` */
export const cursorTime = (cursor: string): Date => new Date(placeOf(cursor)[0]);

function placeOf(cursor: string): [number, number] {
  const [ms = '', n = ''] = readCursor(cursor).id.split('-');
  return [Number(ms), Number(n)];
}

export function fromPlain(text: string): EventCursor | undefined {
  const { epoch, id } = CURSOR.exec(text)?.groups ?? {};
  return epoch === undefined || id === undefined ? undefined : { epoch, id };
}

/** `trimmed`: an event behind the cursor is no longer kept. `lost`: the whole log that it is of is gone. */
export type Expiry = 'trimmed' | 'lost';

export function cursorExpired(tenant: string, why: Expiry): StageError {
  const what = {
    trimmed: `Events behind the cursor in the log of tenant ${tenant} were trimmed away before they were read.`,
    lost: `The log of tenant ${tenant} that the cursor is of is gone; Redis has begun another since.`,
  };
  return new StageError('EVENTS.CURSOR_EXPIRED', what[why], { safeDetails: { tenant, why } });
}
