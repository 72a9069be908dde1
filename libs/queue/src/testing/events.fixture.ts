import type { EventLog } from '../events/event.log.js';
import type { LogEvent, LoggedEvent, ReadOptions } from '../events/logged-event.js';

/** The same event for the same number. */
export const event = (n: number, more: Partial<LogEvent> = {}): LogEvent => ({
  id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  type: 'asset.completed',
  body: JSON.stringify({ n }),
  ...more,
});

/** The numbers of events. */
export const numbersOf = (events: readonly (LogEvent | string)[]): number[] =>
  events.map((one) => Number((typeof one === 'string' ? one : one.id).slice(-12)));

/** Page after page until the end of the log. */
export async function readAll(
  log: EventLog,
  tenant: string,
  { limit = 1_000, ...options }: Partial<ReadOptions> = {},
): Promise<{ events: LoggedEvent[]; next: string }> {
  const events: LoggedEvent[] = [];
  for (let after = options.after; ;) {
    const page = await log.read(tenant, { ...options, limit, ...(after !== undefined && { after }) });
    events.push(...page.events);
    if (page.end) return { events, next: page.next };
    after = page.next;
  }
}
