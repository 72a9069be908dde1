import { z } from 'zod';
import type { EventDeclaration } from './define-event.js';
import { assetCompleted, assetFailed } from './types/asset.events.js';
import { endpointDisabled } from './types/endpoint.events.js';
import { faceMatched, faceUnmatched, matchUpdated } from './types/face.events.js';
import { jobCompleted, jobProgress } from './types/job.events.js';
import { personEnrolled, personErased } from './types/person.events.js';

/** Every event that leaves the product, in the order in which they are shown. */
export const EVENTS = {
  'asset.completed': assetCompleted,
  'asset.failed': assetFailed,
  'face.matched': faceMatched,
  'face.unmatched': faceUnmatched,
  'match.updated': matchUpdated,
  'person.enrolled': personEnrolled,
  'person.erased': personErased,
  'job.progress': jobProgress,
  'job.completed': jobCompleted,
  'endpoint.disabled': endpointDisabled,
} as const satisfies Record<string, EventDeclaration>;

export type EventType = keyof typeof EVENTS;

export const EVENT_TYPES = Object.keys(EVENTS) as readonly EventType[];
export const eventTypeSchema = z.enum(EVENT_TYPES);

/** A type of event, or one that a newer version tells of: while processes are replaced one by one, both are there. */
export const anyEventTypeSchema = z.string().regex(/^[a-z]+\.[a-z]+$/);
