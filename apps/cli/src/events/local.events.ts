import type { EventLog, ReadOptions } from '@facelane/queue';
import type { ShownEvent } from './shown-event.js';

/** How long to wait before it is looked again, in milliseconds; what comes meanwhile is told at once. */
const WAIT_MS = 60_000;
const PAGE = 100;

/** Every event of a log from a cursor or the latest on, as they come, until the signal aborts. */
export async function* localEvents(
  log: Pick<EventLog, 'read' | 'wait' | 'tail'>,
  tenant: string,
  { after, ...filter }: Omit<ReadOptions, 'limit'>,
  signal: AbortSignal,
): AsyncGenerator<ShownEvent, void> {
  for (let at = after === 'latest' ? await log.tail(tenant) : after; ;) {
    signal.throwIfAborted();
    const page = await log.read(tenant, { ...filter, limit: PAGE, ...(at !== undefined && { after: at }) });
    for (const { body, cursor } of page.events) yield { ...(JSON.parse(body) as ShownEvent), ...{ cursor } };
    at = page.next;
    if (page.end) await log.wait(tenant, at, WAIT_MS, signal);
  }
}
