import type { EventType, FacelaneEvent } from '@facelane/contracts';
import type { EventLog, LogEvent } from '@facelane/queue';
import { EventOutbox } from '@facelane/registry';

/** Events added in one step; Redis does nothing else meanwhile. A photo with more faces takes several. */
const CHUNK = 200;

/** The outbox over the log of events of the belt. */
export class LogEventOutbox extends EventOutbox {
  constructor(private readonly log: Pick<EventLog, 'append' | 'forget'>) {
    super();
  }

  override async append(tenant: string, events: readonly FacelaneEvent[]): Promise<void> {
    for (let start = 0; start < events.length; start += CHUNK) {
      await this.log.append(tenant, events.slice(start, start + CHUNK).map(logEventOf));
    }
  }

  override async forget(tenant: string, people: ReadonlySet<string>): Promise<number> {
    const erased: EventType = 'person.erased';
    return this.log.forget(tenant, { texts: [...people], sparing: [erased] });
  }
}

function logEventOf(event: FacelaneEvent): LogEvent {
  const { id, type, collection } = event;
  return { id, type, body: JSON.stringify(event), ...(collection !== undefined && { collection }) };
}
