import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { usePlace } from '../testing/place.js';
import { status } from '../testing/receiver.js';

/** Compiled, since a process of its own runs without the test runner's loader. */
const SCRIPT = fileURLToPath(new URL('../../../../dist/libs/events/src/testing/notify.child.js', import.meta.url));

const place = usePlace();

const until = (check: () => unknown): Promise<unknown> => vi.waitFor(check, { timeout: 40_000, interval: 20 });

it('processes that are killed while they deliver lose no event, and change none', async () => {
  const receiver = await place.receiver((response, n) => void setTimeout(() => status(204)(response, n), 10));
  await place.endpoint({ url: receiver.url });
  const events = await place.happen(120);
  for (let kill = 1; kill <= 3; kill += 1) {
    const task = JSON.stringify(place.options({ timeoutMs: 1_000 }));
    const child = spawn(process.execPath, [SCRIPT, task], { stdio: ['ignore', 'ignore', 'inherit'] });
    await until(() => expect(new Set(receiver.ids).size).toBeGreaterThanOrEqual(kill * 20));
    child.kill('SIGKILL');
    await once(child, 'exit');
    events.push(...(await place.happen(10)));
  }
  expect(new Set(receiver.ids).size).toBeLessThan(events.length);
  await place.notify({ timeoutMs: 1_000 });
  await until(() => expect(new Set(receiver.ids).size).toBe(events.length));
  const bodies = new Map(events.map((event) => [event.id, JSON.stringify(event)]));
  for (const { id, body } of receiver.received) expect(body).toBe(bodies.get(id));
});
