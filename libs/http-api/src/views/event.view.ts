import type { LoggedEvent } from '@facelane/queue';
import type { StreamMessage } from '../endpoint/server-sent-events.js';
import type { EnvelopeBody, EventPageBody } from '../schemas/event.schema.js';
import type { FeedStep } from '../services/events/event.feed.js';

/** Ours, and checked by the schema of the answer. Types that are newer than this program pass. */
const envelopeOf = ({ body }: LoggedEvent): EnvelopeBody => JSON.parse(body) as EnvelopeBody;

export const eventView = (event: LoggedEvent): EventPageBody['events'][number] => ({
  ...envelopeOf(event),
  cursor: event.cursor,
});

export async function* feedMessages(steps: AsyncIterable<FeedStep>): AsyncGenerator<StreamMessage<EnvelopeBody>> {
  for await (const step of steps) {
    yield 'body' in step ? { id: step.cursor, event: step.type, data: envelopeOf(step) } : { id: step.cursor };
  }
}
