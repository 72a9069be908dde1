import { createFacelane } from '@facelane/client';

const { FACELANE_URL: url, FACELANE_KEY: key } = process.env;
const facelane = createFacelane({ url, key });

// The API keeps under this name how far you have come: a page counts as read when the event behind it is asked for.
for await (const event of facelane.events.read({ consumer: 'archive' })) {
  console.log(event.type, event.id);
}
