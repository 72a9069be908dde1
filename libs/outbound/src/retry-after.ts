/** The longest wait that a stranger's server may impose, milliseconds. */
const LONGEST_WAIT_MS = 3_600_000;

/**
 * The wait that a Retry-After header asks for, in milliseconds from `now`, at most an hour; undefined when it asks
 * for none. Either a number of seconds or a date (RFC 9110, section 10.2.3).
 */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const wait = /^\d+$/.test(header) ? Number(header) * 1000 : header.endsWith('GMT') ? Date.parse(header) - now : NaN;
  return wait > 0 ? Math.min(wait, LONGEST_WAIT_MS) : undefined;
}
