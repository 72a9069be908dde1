import { expect, it } from 'vitest';
import { killTrial } from '../../libs/events/src/testing/kill.trial.js';
import { faceEvent, TENANT, usePlace } from '../../libs/events/src/testing/place.js';
import { status } from '../../libs/events/src/testing/receiver.js';
import { startProgram } from '../support/child.program.js';

const EVENTS = 1_000;
/** Turns of a process that was killed are given up after half a minute. Five kills and ten times the events: `npm run bench:events`. */
const KILLS = 2;

const place = usePlace();

it('every event arrives, as it was, while notify is killed again and again, and Redis once', async () => {
  const receiver = await place.receiver((response, n) => void setTimeout(() => status(204)(response, n), 5));
  await place.endpoint({ url: receiver.url, concurrency: 4 });
  const figures = await killTrial({
    ...{ events: Array.from({ length: EVENTS }, faceEvent), kills: KILLS },
    append: async (events) => {
      await place.belt.eventLog.append(
        TENANT,
        events.map((event) => ({ id: event.id, type: event.type, body: JSON.stringify(event) })),
      );
    },
    start: async () => {
      const program = startProgram('notify', {
        ...{
          DATA_DIR: place.root,
          OBJECT_STORE_FS_ROOT: place.root,
          REDIS_URL: place.redis.url,
          REDIS_PREFIX: place.prefix,
        },
        ...{ WEBHOOK_URL_ALLOW: '127.0.0.1', WEBHOOK_URL_HTTP: 'true', QUEUE_LOCK_MS: '1000' },
      });
      await program.says('stages running');
      return async () => {
        await program.end('SIGKILL');
      };
    },
    restartRedis: place.redis.restart,
    received: () => receiver.received,
  });
  expect(figures).toMatchObject({ events: EVENTS, delivered: EVENTS, unknown: 0, changed: 0 });
}, 120_000);
