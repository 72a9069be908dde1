import { connectProducer } from '@facelane/queue';
import { requireModels, startRedis, type TestRedis } from '@facelane/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApi, startStandaloneApi } from '../../support/api.js';
import { submitPhoto } from '../../support/await-asset.js';
import { nobody } from '../../support/bad.photos.js';
import { type ChildProgram, startProgram } from '../../support/child.program.js';
import { type EventProducer, eventProducer } from '../../support/event.producer.js';

let redis: TestRedis;
let producer: EventProducer;
let api: RunningApi;
beforeAll(async () => {
  await requireModels();
  redis = await startRedis();
  [api, producer] = await Promise.all([startStandaloneApi({ REDIS_URL: redis.url }), eventProducer(redis.url)]);
}, 120_000);
afterAll(async () => {
  await producer.close();
  await api.stop();
  await redis.stop();
});

const places = {
  'a running API': () => ({ FACELANE_URL: api.address, FACELANE_KEY: api.key }),
  'the log that is here': () => ({}),
};

const facelane = (args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProgram =>
  startProgram('cli', { REDIS_URL: redis.url, DATA_DIR: api.dataDir, ...env }, ['events', ...args]);

async function run(...args: readonly string[]): Promise<{ code: number | string; out: string; err: string }> {
  const child = facelane(args);
  return { code: await child.ended, out: child.stdout(), err: child.stderr() };
}

describe.each(Object.entries(places))('tail, of %s', (_where, env) => {
  it('prints what there is and what happens, one line each, until Ctrl-C', async () => {
    const [old] = await producer.append(['asset.completed']);
    const tail = facelane(['tail', '--after', 'oldest', '--json'], env());
    await tail.says(old!);
    const lines = facelane(['tail', '--after', 'oldest', '--types', 'face.matched', '--collection', 'friends'], env());
    const [, fresh] = await producer.append(['job.completed', 'face.matched']);
    await tail.says(fresh!);
    await lines.says('decision=match');
    expect([await tail.end('SIGINT'), await lines.end('SIGINT')]).toEqual([130, 130]);
    const events = tail
      .stdout()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
    expect(events.map(({ type }) => type)).toContain('job.completed');
    for (const line of lines.stdout().trim().split('\n')) {
      expect(line).toMatch(/^2026-03-01T18:20:33\.118Z {2}face\.matched\s+friends {2}assetId=\S+ .*personId=\S+/);
    }
  });

  it('says what to do about a cursor that has expired', async () => {
    const after = Buffer.from('0123456789ab.1-0').toString('base64url');
    const tail = facelane(['tail', '--after', after], env());
    expect(await tail.ended).toBe(2);
    expect(tail.stderr()).toContain('EVENTS.CURSOR_EXPIRED');
    expect(tail.stderr()).toContain('facelane events rebuild --since');
  });
});

it('refuses a type that there is not, and a time that is none', async () => {
  expect(await run('tail', '--types', 'asset.deleted')).toMatchObject({
    code: 2,
    err: expect.stringContaining('asset.completed') as string,
  });
  expect(await run('rebuild', '--since', 'yesterday')).toMatchObject({
    code: 2,
    err: expect.stringContaining('"yesterday" is not a time') as string,
  });
  const missing = await run('rebuild', '--since', '2026-01-01', '--collection', 'nowhere');
  expect(missing).toMatchObject({ code: 2, err: expect.stringContaining('nowhere') as string });
});

describe('rebuild', () => {
  it('appends the events of results to a log that was lost, once', async () => {
    const caller = api.as(api.key);
    await caller.json('POST', '/v1/collections', { id: 'friends' });
    const { id } = await submitPhoto(caller, 'friends', await nobody());
    const flusher = await connectProducer({ url: redis.url }, () => undefined);
    await flusher.flushall();
    flusher.disconnect();
    const first = await run('rebuild', '--since', '2020-01-01');
    expect(first).toMatchObject({ code: 0, out: expect.stringContaining('1 results, 0 changes') as string });
    expect(first.err).toContain('EVENTS.CURSOR_EXPIRED');
    const again = await run('rebuild', '--since', '2020-01-01', '--json');
    expect(JSON.parse(again.out)).toMatchObject({ results: 1, added: 0, known: 1, left: 0 });
    const { events } = await caller.json<{ events: { type: string; data: { assetId: string } }[] }>(
      'GET',
      '/v1/events',
    );
    expect(events).toMatchObject([{ type: 'asset.completed', data: { assetId: id } }]);
  });
});
