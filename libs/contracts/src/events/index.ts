export { defineEvent, type EventDeclaration } from './define-event.js';
export { anyEventTypeSchema, EVENT_TYPES, EVENTS, eventTypeSchema, type EventType } from './events.js';
export {
  EVENT_SCHEMAS,
  exampleEvent,
  parseEvent,
  type EventData,
  type EventOf,
  type FacelaneEvent,
} from './event.schema.js';
export { eventIdOf } from './event-id.js';
export { MAX_EVENT_BYTES } from './event.limits.js';
export { eventsOfChange, type ChangeFacts } from './making/change.events.js';
export { eventOfDisabling, type EndpointDisabling } from './making/endpoint.event.js';
export { eventOfJobEnd, eventOfJobProgress, type JobEnd } from './making/job.events.js';
export { eventOfEnrolment, eventsOfErasure } from './making/person.events.js';
export { eventsOfResult } from './making/result.events.js';
export { eventsOfLastChange, firstOf, takingPlaceOf } from './making/result.history.js';
export { withTimes } from './making/result.times.js';
export { toldFactsOf, type AssetFacts, type ToldFacts } from './making/told.facts.js';
export { disablingReasonSchema, type DisablingReason } from './types/endpoint.events.js';
