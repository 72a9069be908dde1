import {
  deliveryIdOf,
  type DeliveryJob,
  type EventDelivery,
  type FirstDeliveries,
  firstDeliveriesIdOf,
  type Lane,
} from '@facelane/contracts';

/** An event as the log has it. */
export interface SentEvent {
  readonly id: string;
  readonly type: string;
  readonly body: string;
}

export interface DeliveryWish {
  readonly tenant: string;
  readonly endpointId: string;
  readonly lane: Lane;
  /** Names what asked for it again. Absent: it is sent because it happened. */
  readonly replay?: string;
}

export function deliveryJobOf({ id, type, body }: SentEvent, wish: DeliveryWish): EventDelivery {
  const { tenant, endpointId, lane, replay } = wish;
  return {
    ...{ tenant, assetId: deliveryIdOf(tenant, endpointId, id, replay), lane },
    ...{ endpointId, eventId: id, type, body },
    ...(replay !== undefined && { replay: true as const }),
  };
}

/** Events that are sent for the first time, together. */
export function firstDeliveriesOf(
  eventIds: readonly string[],
  { tenant, endpointId, lane }: Omit<DeliveryWish, 'replay'>,
): FirstDeliveries {
  const assetId = firstDeliveriesIdOf(tenant, endpointId, eventIds);
  return { tenant, assetId, lane, endpointId, eventIds: [...eventIds] };
}

export const deliveriesIn = (job: DeliveryJob): number => ('eventIds' in job ? job.eventIds.length : 1);
