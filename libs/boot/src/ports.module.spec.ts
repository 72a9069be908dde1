import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '@facelane/config';
import { AssetBelt } from '@facelane/gallery';
import { ObjectStore } from '@facelane/object-store';
import { PipelineBelt } from '@facelane/queue';
import { startRedis, type TestRedis } from '@facelane/testing';
import { createLogger } from '@facelane/telemetry';
import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Belts } from './belts.js';
import { PortsModule } from './ports.module.js';
import { RuntimeOptions } from './runtime.options.js';
import { startApp } from './start-app.js';

let redis: TestRedis;
let dir: string;
beforeEach(async () => {
  [redis, dir] = await Promise.all([startRedis(), mkdtemp(join(tmpdir(), 'facelane-ports-'))]);
});
afterEach(async () => {
  await redis.stop();
  await rm(dir, { recursive: true, force: true });
});

async function start(...ports: (Type | DynamicModule)[]): ReturnType<typeof startApp> {
  @Module({ imports: ports })
  class AppModule {}
  const config = loadConfig({ REDIS_URL: redis.url, DATA_DIR: dir });
  return startApp(AppModule, new RuntimeOptions(config, createLogger({ level: 'silent', format: 'json' })));
}

interface Pair {
  readonly belts: Belts;
  readonly store: ObjectStore;
}
const pair = (belts: Belts, store: ObjectStore): Pair => ({ belts, store });

const ASSET = '00000000-0000-5000-8000-000000000000';

describe('the ports', () => {
  it('of a program that answers requests open without Redis, fail at once, and work when it is there', async () => {
    await redis.kill9();
    const app = await start(PortsModule.failingFast());
    const { pipeline, upkeep } = app.get(Belts);
    expect(app.get(PipelineBelt)).toBe(pipeline);
    await expect(upkeep.queues.carries(ASSET)).rejects.toMatchObject({ code: 'QUEUE.UNAVAILABLE' });
    await expect(app.get(AssetBelt).withdraw(ASSET)).rejects.toMatchObject({ code: 'QUEUE.UNAVAILABLE' });
    await redis.restart();
    await vi.waitFor(async () => expect(await app.get(AssetBelt).withdraw(ASSET)).toBe(0), { timeout: 20_000 });
    await app.close();
  });

  it('of a worker wait for Redis', async () => {
    await redis.kill9();
    const app = await start(PortsModule);
    let answered: boolean | undefined;
    const asked = app
      .get(Belts)
      .pipeline.queues.carries(ASSET)
      .then((carries) => (answered = carries));
    expect(app.get(Belts).pipeline.connected).toBe(false);
    expect(answered).toBeUndefined();
    await redis.restart();
    expect(await asked).toBe(false);
    await app.close();
  });

  it('of both kinds in one process have a connection each and one pair of stores', async () => {
    @Module({
      imports: [PortsModule],
      providers: [{ provide: 'worker', inject: [Belts, ObjectStore], useFactory: pair }],
    })
    class WorkerModule {}
    @Module({
      imports: [PortsModule.failingFast()],
      providers: [{ provide: 'api', inject: [Belts, ObjectStore], useFactory: pair }],
    })
    class ApiModule {}
    const app = await start(WorkerModule, ApiModule);
    const [worker, api] = [app.get<Pair>('worker'), app.get<Pair>('api')];
    expect(worker.belts).not.toBe(api.belts);
    expect(worker.store).toBe(api.store);
    await app.close();
    expect([worker.belts, api.belts].map(({ pipeline }) => pipeline.connected)).toEqual([false, false]);
  });
});
