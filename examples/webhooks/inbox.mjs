// What has arrived, each event once, in a file that outlives this program.
import { DatabaseSync } from 'node:sqlite';
import { FacelaneWebhookRefused, verifyWebhook } from '@facelane/client';

/** Two, with a space between them, while one takes the place of the other. */
const secrets = (process.env.FACELANE_WEBHOOK_SECRET ?? '').split(' ');

const inbox = new DatabaseSync(process.env.INBOX ?? 'inbox.sqlite');
inbox.exec(
  'CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY, body TEXT NOT NULL, done INTEGER NOT NULL DEFAULT 0)',
);
const keep = inbox.prepare('INSERT OR IGNORE INTO events (id, body) VALUES (?, ?)');
const waiting = inbox.prepare('SELECT id, body FROM events WHERE done = 0 ORDER BY rowid');
const finish = inbox.prepare('UPDATE events SET done = 1 WHERE id = ?');

/** Yours. Should the program die in the middle of it, it runs again for the same event. */
async function handle(event) {
  console.log(event.type, event.id);
}

/**
 * Takes a delivery: its body as it came, text or bytes, and its headers. Returns the status to answer it with, once the event is
 * kept; anything but 2xx has it sent again later.
 */
export async function receive(body, headers) {
  try {
    const event = await verifyWebhook(body, headers, secrets);
    if (headers['facelane-test'] === undefined) keep.run(event.id, JSON.stringify(event));
    else console.log('test', event.type);
  } catch (error) {
    if (!(error instanceof FacelaneWebhookRefused)) throw error;
    console.error('refused', error.reason);
    return 400;
  }
  work();
  return 204;
}

let working = Promise.resolve();

/** One event after the other. What fails is tried again with the next delivery. */
function work() {
  working = working
    .then(async () => {
      for (const { id, body } of waiting.all()) {
        await handle(JSON.parse(body));
        finish.run(id);
      }
    })
    .catch((error) => console.error(error));
}

// What was left when the program last stopped.
work();
