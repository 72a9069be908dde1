import { randomUUID } from 'node:crypto';
import { type MatchJob, PIPELINE, uuidV5 } from '@facelane/contracts';
import type { PersonChange } from '@facelane/gallery';
import { startRedis, type TestRedis } from '@facelane/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Belts } from './belts.js';
import { QueuedAssetBelt } from './queued.asset-belt.js';

let server: TestRedis;
let belts: Belts;
let belt: QueuedAssetBelt;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
beforeEach(async () => {
  belts = await Belts.open('producer', { url: server.url, prefix: `test-${randomUUID()}`, onError: () => undefined });
  belt = new QueuedAssetBelt(belts);
});
afterEach(() => belts.close());

const jobOf = (n: number): MatchJob => ({
  tenant: 'acme',
  collection: 'main',
  assetId: uuidV5('test', String(n)),
  contract: 'c-1',
  lane: 'interactive',
  intent: { kind: 'identify' },
  submittedAt: '2026-01-01T00:00:00.000Z',
  photo: { sha256: 'ab'.repeat(32), bytes: 1, format: 'jpeg', width: 1, height: 1 },
  faces: 1,
});

const change: PersonChange = {
  tenant: 'acme',
  collection: 'main',
  contract: 'c-1',
  personId: uuidV5('test', 'person'),
  change: 'reference-1',
};

describe('QueuedAssetBelt', () => {
  it('puts assets back to the match stage, behind what somebody waits for, each once', async () => {
    const jobs = Array.from({ length: 1_200 }, (_, n) => jobOf(n));
    await belt.rematch(jobs);
    await belt.rematch(jobs.slice(0, 10));
    const queue = belts.pipeline.queues.queue('match');
    expect(await queue.getJobCounts('prioritized', 'wait')).toEqual({ prioritized: 1_200, wait: 0 });
    const { data } = (await belts.pipeline.queues.locate(jobs[7]!.assetId))!;
    expect(data).toEqual({ ...jobs[7], lane: 'bulk' });
  });

  it('has a person looked through now and after every match run of now, each change once', async () => {
    await belt.rebind(change);
    await belt.rebind(change);
    const queue = belts.upkeep.queues.queue('rebind');
    expect(await queue.getJobCounts('prioritized', 'delayed')).toEqual({ prioritized: 1, delayed: 1 });
    const [later] = await queue.getDelayed();
    expect(later?.delay).toBeGreaterThan(PIPELINE.stages.match.timeoutMs);
    await belt.rebind({ ...change, change: 'reference-2' });
    expect(await queue.getJobCounts('prioritized', 'delayed')).toEqual({ prioritized: 2, delayed: 2 });
    const ids = (await queue.getJobs()).map(({ data }) => (data as { assetId: string }).assetId);
    expect(new Set(ids).size).toBe(4);
  });

  it('takes an asset off the pipeline, and jobs by what they say off every table', async () => {
    await belt.rematch([jobOf(1), jobOf(2)]);
    await belt.rebind(change);
    expect(await belt.withdraw(jobOf(1).assetId)).toBe(1);
    const ofPerson = (data: unknown): boolean => (data as { personId?: string }).personId === change.personId;
    expect(await belt.withdrawWhere(ofPerson)).toBe(2);
    expect(await belt.withdrawWhere(() => true)).toBe(1);
  });
});

describe('Belts', () => {
  it('tells the belt of every stage, all on one connection', async () => {
    expect(belts.of('match')).toBe(belts.pipeline);
    expect(belts.of('probe')).toBe(belts.probes);
    expect(belts.of('rebind')).toBe(belts.upkeep);
    expect(belts.of('delivery')).toBe(belts.deliveries);
    expect(() => belts.of('nothing')).toThrow('nothing');
    await belts.close();
    await vi.waitFor(() => expect(belts.all.map(({ connected }) => connected)).toEqual([false, false, false, false]));
  });
});
