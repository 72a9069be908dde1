import type { EventOf } from '../event.schema.js';
import type { DisablingReason } from '../types/endpoint.events.js';
import { makeEvent } from './make-event.js';

export interface EndpointDisabling {
  readonly tenant: string;
  readonly endpointId: string;
  readonly url: string;
  /** The one collection whose events it gets. Absent: it gets those of all. */
  readonly collection?: string | undefined;
  readonly since: string;
  readonly disabledAt: string;
  readonly reason: DisablingReason;
  /** Of the last answer. Absent: there was none. */
  readonly lastStatus?: number | undefined;
}

/** Of the URL only the host is told: receivers put tokens into paths and queries. */
export function eventOfDisabling(disabling: EndpointDisabling): EventOf<'endpoint.disabled'> {
  const { tenant, endpointId, url, collection, since, disabledAt, reason, lastStatus } = disabling;
  return makeEvent('endpoint.disabled', {
    tenant,
    ...(collection !== undefined && { collection }),
    facts: [endpointId, disabledAt],
    timestamp: disabledAt,
    data: {
      endpointId,
      host: new URL(url).host,
      since,
      reason,
      ...(lastStatus !== undefined && { lastStatus }),
    },
  });
}
