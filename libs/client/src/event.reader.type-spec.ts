import type { Facelane, FeedEvent } from './index.js';

/** The type of an event says what its data has. */
export async function readsByType(facelane: Facelane): Promise<void> {
  for await (const event of facelane.events.read({ types: ['face.matched', 'asset.failed'] })) {
    if (event.type === 'face.matched') event.data.personId satisfies string;
    else event.data.failure.code satisfies string;
    // @ts-expect-error -- no such type was asked for
    if (event.type === 'job.completed') return;
    event.cursor satisfies string;
  }
  for await (const event of facelane.events.read({ consumer: 'a' })) event satisfies FeedEvent;
  const { events } = await facelane.events.list({ types: ['job.completed'] });
  events[0]?.data.lines satisfies number | undefined;
  // @ts-expect-error -- a consumer has a cursor of its own
  facelane.events.read({ consumer: 'a', after: 'x' });
  // @ts-expect-error -- no such type
  facelane.events.read({ types: ['asset.deleted'] });
}
