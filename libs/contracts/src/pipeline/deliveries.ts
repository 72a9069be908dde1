import { z } from 'zod';
import { anyEventTypeSchema } from '../events/events.js';
import { MAX_EVENT_BYTES } from '../events/event.limits.js';
import { errorCodeSchema } from '../errors/error-code.schema.js';
import { slugSchema, uuidSchema } from '../ids/names.schema.js';
import { uuidV5 } from '../ids/uuid-v5.js';
import { definePipeline } from '../stage/define-pipeline.js';
import { defineStage } from '../stage/define-stage.js';
import { laneSchema } from './jobs.schema.js';

const delivery = {
  tenant: slugSchema,
  /** Id of the delivery; named as in every other job. Follows from endpoint, events and replay. */
  assetId: uuidSchema,
  lane: laneSchema,
  endpointId: uuidSchema,
};

/** An event on its way to one webhook endpoint. */
export const eventDeliverySchema = z.strictObject({
  ...delivery,
  eventId: uuidSchema,
  type: anyEventTypeSchema,
  /** Exactly what is sent, at every attempt: the log may have dropped the event by the last of them. */
  body: z.string().max(MAX_EVENT_BYTES),
  /** Somebody asked for it again. */
  replay: z.literal(true).optional(),
  /** Attempts that were made before this job. */
  tried: z.int().min(1).optional(),
  /** It was sent and failed for good: nothing is sent any more, and the job becomes a dead letter that says so. */
  failed: z.strictObject({ code: errorCodeSchema, message: z.string(), status: z.int().optional() }).optional(),
});
export type EventDelivery = z.output<typeof eventDeliverySchema>;

/** Most events of one turn, which share what a job costs: a page of the log over the turns that an endpoint has by default. */
export const MOST_TOGETHER = 125;

/** Events that are sent for the first time, one after the other in one turn of their endpoint. The log has their bodies. */
export const firstDeliveriesSchema = z.strictObject({
  ...delivery,
  eventIds: z.array(uuidSchema).min(1).max(MOST_TOGETHER),
});
export type FirstDeliveries = z.output<typeof firstDeliveriesSchema>;

export const deliveryJobSchema = z.union([eventDeliverySchema, firstDeliveriesSchema]);
export type DeliveryJob = z.output<typeof deliveryJobSchema>;

export const deliveryOutputSchema = z.strictObject({
  assetId: uuidSchema,
  /** `dropped`: the endpoint is deleted or disabled, or the event was taken back. */
  outcome: z.enum(['delivered', 'dropped']),
});
export type DeliveryOutput = z.output<typeof deliveryOutputSchema>;

/** The same event goes to an endpoint under one id, however often it is read from the log. `replay`: what asked for it. */
export function deliveryIdOf(tenant: string, endpointId: string, eventId: string, replay?: string): string {
  return uuidV5('delivery', tenant, endpointId, eventId, ...(replay === undefined ? [] : [replay]));
}

/** The same for events that go together. */
export function firstDeliveriesIdOf(tenant: string, endpointId: string, eventIds: readonly string[]): string {
  return uuidV5('deliveries', tenant, endpointId, ...eventIds);
}

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];

/** As long as the receiver's people may be away for a weekend: more than three days (Standard Webhooks, "Retries"). */
const WAITS_MS = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];

/** How long a receiver may take to answer, in milliseconds. */
export const DELIVERY_TIMEOUT_MS = 15 * SECOND;

/** Events that are sent to webhook endpoints, on one queue for all of them (docs/decisions/0024). */
export const DELIVERIES = definePipeline({
  delivery: defineStage({
    name: 'delivery',
    version: 1,
    summary: 'Sends events to one webhook endpoint, each signed.',
    input: deliveryJobSchema,
    output: deliveryOutputSchema,
    retry: { attempts: WAITS_MS.length + 1, delaysMs: WAITS_MS },
    // The request, and what is asked of the store and of Redis around it.
    timeoutMs: DELIVERY_TIMEOUT_MS + 45 * SECOND,
    lockMs: 30 * SECOND,
    // Waiting for answers costs nothing but connections.
    concurrency: 128,
    waitsElsewhere: true,
    next: null,
    // Bodies take memory, and after as long the log has no event any more either.
    forgetFailedAfterMs: 7 * 24 * HOUR,
  }),
});
