import { connectProducer, RedisLease } from '@facelane/queue';
import { createLogger } from '@facelane/telemetry';
import { startRedis, type TestRedis } from '@facelane/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { choresOf } from './chores.js';
import { Housekeeping } from './housekeeping.service.js';

let server: TestRedis;
let redis: Awaited<ReturnType<typeof connectProducer>>;
let lease: RedisLease;
beforeAll(async () => {
  server = await startRedis();
  redis = await connectProducer(server, () => undefined);
  lease = new RedisLease(redis, 'test');
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const log = createLogger({ level: 'silent', format: 'json' });
const everyMs = 5;

it('does a chore again and again, also after it failed', async () => {
  let rounds = 0;
  const run = (): Promise<number> => ((rounds += 1) === 1 ? Promise.reject(new Error('once')) : Promise.resolve(1));
  const house = new Housekeeping([{ name: 'again', everyMs, run }], lease, log);
  house.onApplicationBootstrap();
  await expect.poll(() => rounds).toBeGreaterThan(3);
  await house.beforeApplicationShutdown();
});

it('leaves a chore to whoever is at it, does not wait for him to stop, and finishes its own', async () => {
  const held = Promise.withResolvers<number>();
  let [begun, ended, skipped] = [0, 0, 0];
  const slow = async (): Promise<number> => {
    begun += 1;
    await held.promise;
    return (ended += 1);
  };
  const worker = new Housekeeping([{ name: 'slow', everyMs, run: slow }], lease, log);
  worker.onApplicationBootstrap();
  await expect.poll(() => begun).toBe(1);
  const counting: Pick<RedisLease, 'tryWith'> = {
    tryWith: async (name, work) => {
      const outcome = await lease.tryWith(name, work);
      if (!outcome.taken) skipped += 1;
      return outcome;
    },
  };
  const other = new Housekeeping([{ name: 'slow', everyMs, run: slow }], counting, log);
  other.onApplicationBootstrap();
  await expect.poll(() => skipped).toBeGreaterThan(2);
  await other.beforeApplicationShutdown();
  expect(begun).toBe(1);

  const stopped = worker.beforeApplicationShutdown();
  held.resolve(1);
  await stopped;
  expect(ended).toBe(1);
});

it('sweeps the scratch of every tenant, what was left untold, and what is kept too long', async () => {
  const swept: unknown[] = [];
  const desk = {
    sweep: (tenants: readonly string[], age: number) => {
      swept.push(tenants, age);
      return Promise.resolve(2);
    },
  };
  const outbox = { sweep: (now: Date) => Promise.resolve(now.getTime() > 0 ? 4 : 0) };
  const retention = { sweep: (now: Date) => Promise.resolve(now.getTime() > 0 ? 3 : 0) };
  async function* tenants(): AsyncGenerator<string> {
    yield* await Promise.resolve(['acme', 'zeta']);
  }
  const chores = choresOf(desk as never, retention as never, outbox as never, { tenants });
  expect(chores.map(({ name }) => name)).toEqual(['scratch', 'outbox', 'retention']);
  expect(await Promise.all(chores.map(({ run }) => run()))).toEqual([2, 4, 3]);
  expect(swept).toEqual([['acme', 'zeta'], 3_600_000]);
});
