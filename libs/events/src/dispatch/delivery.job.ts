import { type DeliveryJob, deliveryIdOf, type EventType, type Lane } from '@facelane/contracts';

/** An event as the log has it. */
export interface SentEvent {
  readonly id: string;
  readonly type: EventType;
  readonly body: string;
}

export interface DeliveryWish {
  readonly tenant: string;
  readonly endpointId: string;
  readonly lane: Lane;
  /** Names what asked for it again. Absent: it is sent because it happened. */
  readonly replay?: string;
}

export function deliveryJobOf({ id, type, body }: SentEvent, wish: DeliveryWish): DeliveryJob {
  const { tenant, endpointId, lane, replay } = wish;
  return {
    ...{ tenant, assetId: deliveryIdOf(tenant, endpointId, id, replay), lane },
    ...{ endpointId, eventId: id, type, body },
    ...(replay !== undefined && { replay: true as const }),
  };
}
