import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type ProbeOutput, type PROBES, probePhotoKey, StageError } from '@facelane/contracts';
import { type PipelineBelt, readStatus } from '@facelane/queue';
import { requireModels, samplePhoto, startRedis, type TestModels, type TestRedis } from '@facelane/testing';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProbeWorkers } from '../testing/probe.fixture.js';
import { ProbeDesk, type ProbeDeskOptions, type ProbeQuestion } from './probe.desk.js';

const TENANT = 'acme';
/** Compiled, since a process of its own runs without the test runner's loader. */
const CHILD = fileURLToPath(new URL('../../../../dist/libs/http-api/src/testing/probe.child.js', import.meta.url));

let redis: TestRedis;
let admin: Redis;
let models: TestModels;
let workers: ProbeWorkers;
let photos: Uint8Array[];
let belt: PipelineBelt<typeof PROBES>;
let desk: ProbeDesk;
let trouble: unknown[];

beforeAll(async () => {
  [redis, models] = await Promise.all([startRedis(), requireModels()]);
  admin = new Redis(redis.url);
  admin.on('error', () => undefined);
  workers = await ProbeWorkers.open(redis.url, models);
  photos = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => samplePhoto(models, n)));
});
afterAll(async () => {
  admin.disconnect();
  await workers.close();
  await redis.stop();
});
beforeEach(async () => {
  belt = await workers.belt('producer');
  openDesk();
});
afterEach(async () => {
  await desk.close();
  await workers.stop();
  await belt.close();
  await admin.flushall();
});

function openDesk(options: ProbeDeskOptions = {}): void {
  trouble = [];
  desk = new ProbeDesk(belt, workers.store, { onTrouble: (error) => trouble.push(error), ...options });
}

const question = (bytes: Uint8Array, want: ProbeQuestion['want'] = 'vectors'): ProbeQuestion => ({
  tenant: TENANT,
  contract: workers.engine.contract.id,
  want,
  bytes,
});

async function expectNothingLeft(): Promise<void> {
  expect(await workers.stored()).toEqual([]);
  expect(await readStatus(belt.queues)).toMatchObject([{ waiting: 0, active: 0, delayed: 0, dead: 0 }]);
  expect(await admin.keys(`${workers.prefix}:*:probe_*`)).toEqual([]);
}

/** A handler that has begun, and does not end before it is let go. */
function gate(): { begun: Promise<void>; open: () => void; handle: typeof workers.handle; ended: () => number } {
  const [begun, opened] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  let ended = 0;
  return {
    begun: begun.promise,
    open: () => opened.resolve(undefined),
    handle: async (job, context) => {
      begun.resolve(undefined);
      await opened.promise;
      const output: ProbeOutput = await workers.handle(job, context);
      ended += 1;
      return output;
    },
    ended: () => ended,
  };
}

describe('a question', () => {
  it('about a photo that was handed in is answered, and nothing of it is left', async () => {
    workers.start(belt);
    const { photo, faces, droppedFaces, vectors } = await desk.ask(question(photos[0]!));
    await expectNothingLeft();
    expect(photo).toMatchObject({ format: 'jpeg', bytes: photos[0]!.byteLength });
    expect(faces.length).toBeGreaterThan(0);
    expect(droppedFaces).toBe(0);
    expect(vectors).toHaveLength(faces.length);
    for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 4);
    expect((await desk.ask(question(photos[0]!, 'faces'))).vectors).toEqual([]);
    expect(trouble).toEqual([]);
  });

  it('about a photo of the store leaves that photo alone', async () => {
    workers.start(belt);
    const key = 'theirs/party.jpg';
    await workers.store.put(key, photos[1]!, { contentType: 'image/jpeg' });
    const source = { kind: 'object', bucket: workers.store.bucket, key } as const;
    const answer = await desk.ask({ tenant: TENANT, contract: workers.engine.contract.id, want: 'faces', source });
    expect(answer.faces.length).toBeGreaterThan(0);
    expect(await workers.stored()).toEqual([key]);
    await workers.store.delete(key);
  });

  it('is one of many at once, each with its own answer', async () => {
    workers.start(belt);
    const alone = await Promise.all(photos.map((photo) => desk.ask(question(photo))));
    const clients = async (): Promise<number> => ((await admin.client('LIST')) as string).trim().split('\n').length;
    const before = await clients();
    const many = Array.from({ length: 50 }, (_, i) => i % photos.length);
    const answers = Promise.all(many.map((n) => desk.ask(question(photos[n]!))));
    expect(await clients()).toBe(before);
    for (const [i, answer] of (await answers).entries()) {
      const expected = alone[many[i]!]!;
      expect(answer.photo).toEqual(expected.photo);
      expect(answer.faces).toEqual(expected.faces);
      expect(answer.vectors).toHaveLength(expected.vectors.length);
    }
    await expectNothingLeft();
    expect(trouble).toEqual([]);
  });

  it('does not wait longer than the events take', async () => {
    workers.start(belt, ({ assetId }) => Promise.reject(new StageError('INGEST.EMPTY', assetId)));
    openDesk({ quietMs: 600_000 });
    for (let n = 0; n < 20; n += 1) {
      await expect(desk.ask(question(photos[0]!))).rejects.toMatchObject({ code: 'INGEST.EMPTY' });
    }
    await expectNothingLeft();
  });
});

describe('a question that fails', () => {
  it('tells what the worker said of the photo, by a name that its owner knows', async () => {
    workers.start(belt);
    const torn = photos[0]!.subarray(0, 3_000);
    await expect(desk.ask(question(torn))).rejects.toMatchObject({
      code: 'DETECT.IMAGE_UNREADABLE',
      message: expect.stringMatching(/^The photo: /) as string,
      remedy: expect.stringContaining('intact copy') as string,
      retry: 'never',
    });
    await expectNothingLeft();
    await expect(desk.ask(question(Buffer.from('no photo at all')))).rejects.toMatchObject({
      code: 'INGEST.NOT_AN_IMAGE',
    });
    const gone = { kind: 'object', bucket: workers.store.bucket, key: 'theirs/gone.jpg' } as const;
    const { contract } = question(torn);
    await expect(desk.ask({ tenant: TENANT, contract, want: 'faces', source: gone })).rejects.toMatchObject({
      code: 'INGEST.SOURCE_MISSING',
      message: expect.stringContaining('theirs/gone.jpg') as string,
    });
    await expectNothingLeft();
  });

  it('is tried again before it is told', async () => {
    let runs = 0;
    workers.start(belt, (job, context) => {
      runs += 1;
      if (runs === 1) return Promise.reject(new StageError('STORE.UNAVAILABLE', 'Later.', { retry: { afterMs: 1 } }));
      return workers.handle(job, context);
    });
    expect((await desk.ask(question(photos[2]!))).faces.length).toBeGreaterThan(0);
    expect(runs).toBe(2);
    await expectNothingLeft();
  });

  it('because nobody answers in time is told so, and not worked on later', async () => {
    openDesk({ timeoutMs: 50 });
    await expect(desk.ask(question(photos[0]!))).rejects.toMatchObject({
      code: 'QUEUE.TIMEOUT',
      message: 'No worker has answered within 50 ms.',
    });
    await vi.waitFor(() => expectNothingLeft());
    expect(trouble).toEqual([]);
  });
});

describe('a question that is given up', () => {
  it('before it was asked asks nothing', async () => {
    await expect(desk.ask(question(photos[0]!), AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    await expectNothingLeft();
  });

  it('while it waits is taken back', async () => {
    const abort = new AbortController();
    const asked = desk.ask(question(photos[0]!), abort.signal);
    await vi.waitFor(async () => expect(await readStatus(belt.queues)).toMatchObject([{ waiting: 1 }]));
    abort.abort(new Error('gone'));
    await expect(asked).rejects.toThrow('gone');
    await vi.waitFor(() => expectNothingLeft());
  });

  it('while it is worked on is let end, and its answer goes too', async () => {
    const { begun, open, handle, ended } = gate();
    workers.start(belt, handle);
    const abort = new AbortController();
    const asked = desk.ask(question(photos[0]!), abort.signal);
    await begun;
    abort.abort(new Error('gone'));
    await expect(asked).rejects.toThrow('gone');
    expect(ended()).toBe(0);
    open();
    await desk.close();
    expect(ended()).toBe(1);
    await expectNothingLeft();
    expect(trouble).toEqual([]);
  });
});

describe('a worker that dies', () => {
  it('is replaced by another, which answers', async () => {
    const child = spawn(process.execPath, [CHILD, redis.url, workers.prefix], { stdio: ['ignore', 'pipe', 'inherit'] });
    const begun = once(child.stdout, 'data');
    const asked = desk.ask(question(photos[3]!));
    await begun;
    child.kill('SIGKILL');
    await once(child, 'exit');
    workers.start(belt, workers.handle, { lockMs: 1_000 });
    expect((await asked).faces.length).toBeGreaterThan(0);
    await expectNothingLeft();
  });
});

describe('without its events', () => {
  /** The reader hears nothing from now on. */
  async function deafen(): Promise<void> {
    for (const line of ((await admin.client('LIST')) as string).split('\n')) {
      const [, id] = /^id=(\d+) .* cmd=xread/.exec(line) ?? [];
      if (id !== undefined) await admin.client('KILL', 'ID', id);
    }
  }

  it('an answer and a failure are found all the same', async () => {
    openDesk({ quietMs: 30 });
    const listen = vi
      .spyOn(belt, 'listen')
      .mockImplementation(() => Promise.resolve({ close: () => Promise.resolve() } as never));
    workers.start(belt);
    const [answer, failure] = await Promise.allSettled([
      desk.ask(question(photos[4]!)),
      desk.ask(question(photos[4]!.subarray(0, 3_000))),
    ]);
    expect(listen).toHaveBeenCalledOnce();
    expect(answer.status).toBe('fulfilled');
    expect(failure).toMatchObject({ reason: { code: 'DETECT.IMAGE_UNREADABLE' } });
    await expectNothingLeft();
    listen.mockRestore();
  });

  it('a question that was lost with Redis is asked again', async () => {
    openDesk({ quietMs: 30 });
    const asked = desk.ask(question(photos[5]!));
    await vi.waitFor(async () => expect(await readStatus(belt.queues)).toMatchObject([{ waiting: 1 }]));
    await admin.flushall();
    await deafen();
    workers.start(belt);
    expect((await asked).faces.length).toBeGreaterThan(0);
    await expectNothingLeft();
  });

  it('a question is refused at once while Redis is away', async () => {
    const service = await workers.belt('service');
    const other = new ProbeDesk(service, workers.store);
    await vi.waitFor(() => expect(service.connected).toBe(true));
    await redis.kill9();
    await vi.waitFor(() => expect(service.connected).toBe(false));
    await expect(other.ask(question(photos[0]!))).rejects.toMatchObject({ code: 'QUEUE.UNAVAILABLE' });
    expect(await workers.stored()).toEqual([]);
    await redis.restart();
    await vi.waitFor(() => expect(service.connected && belt.connected).toBe(true), { timeout: 20_000 });
    await other.close();
    await service.close();
  });
});

describe('sweep', () => {
  it('removes what a process that died has left, of the given tenants, and nothing younger', async () => {
    const put = (tenant: string, probeId: string) =>
      workers.store.put(probePhotoKey(tenant, probeId), photos[0]!, { contentType: 'image/jpeg' });
    await Promise.all([put(TENANT, 'a'), put(TENANT, 'b'), put('other', 'c')]);
    expect(await desk.sweep([TENANT, 'other'], 3_600_000)).toBe(0);
    await vi.waitFor(async () => expect(await desk.sweep([TENANT], 20)).toBeGreaterThanOrEqual(1));
    await vi.waitFor(async () => {
      await desk.sweep([TENANT], 20);
      expect(await workers.stored()).toEqual([probePhotoKey('other', 'c')]);
    });
    await vi.waitFor(async () => {
      await desk.sweep(['other'], 20);
      expect(await workers.stored()).toEqual([]);
    });
  });
});
