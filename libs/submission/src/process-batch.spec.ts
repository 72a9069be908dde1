import { setImmediate } from 'node:timers/promises';
import { assetIdOf, type IngestJob, type ResultDocument } from '@facelane/contracts';
import type { PipelineEvent } from '@facelane/queue';
import { describe, expect, it } from 'vitest';
import { type BatchDependencies, processBatch } from './process-batch.js';

const job = (n: number): IngestJob => ({
  tenant: 'acme',
  collection: 'main',
  assetId: assetIdOf('acme', 'main', String(n)),
  contract: 'c-1',
  lane: 'bulk',
  intent: { kind: 'identify' },
  submittedAt: '2026-01-01T00:00:00.000Z',
  source: { kind: 'file', path: `/${n}.jpg` },
});

const resultOf = ({ assetId }: IngestJob, submittedAt: string): ResultDocument => ({
  version: 1,
  state: 'failed',
  tenant: 'acme',
  collection: 'main',
  assetId,
  contract: 'c-1',
  submittedAt,
  failure: { stage: 'match', code: 'STORE.FULL', message: 'm', remedy: 'r', attempts: 1, details: {} },
});

/** The pipeline as the batch sees it, under the test's control. */
class Stage implements BatchDependencies {
  readonly submitted: string[] = [];
  readonly results = new Map<string, ResultDocument>();
  readonly carried = new Set<string>();
  emit: (event: PipelineEvent) => void = () => undefined;

  readonly belt = {
    listen: (listener: (event: PipelineEvent) => void): never => {
      this.emit = listener;
      return { close: () => Promise.resolve() } as never;
    },
  };
  readonly submitter = {
    carries: (assetId: string) => Promise.resolve(this.carried.has(assetId)),
    submit: (jobs: readonly IngestJob[]) => {
      for (const { assetId } of jobs) {
        this.submitted.push(assetId);
        this.carried.add(assetId);
      }
      return Promise.resolve();
    },
  };
  readonly assets = { findResult: ({ assetId }: { assetId: string }) => Promise.resolve(this.results.get(assetId)) };

  /** `tell`: whether the event reaches the batch. */
  finish(finished: IngestJob, { submittedAt = finished.submittedAt, tell = true } = {}): void {
    this.carried.delete(finished.assetId);
    this.results.set(finished.assetId, resultOf(finished, submittedAt));
    if (tell) this.emit({ stage: 'match', assetId: finished.assetId, outcome: 'completed', final: true });
  }
}

describe('processBatch', () => {
  it('keeps to its window', async () => {
    const stage = new Stage();
    const jobs = [1, 2, 3, 4, 5].map(job);
    const done = processBatch(stage, jobs, { window: 2 });
    for (let n = 0; n < jobs.length; n += 1) {
      await expect.poll(() => stage.submitted.length).toBe(Math.min(n + 2, jobs.length));
      stage.finish(jobs[n]!);
    }
    await done;
  });

  it('finds results whose events were missed', async () => {
    const stage = new Stage();
    const done = processBatch(stage, [job(1)], { quietMs: 5 });
    await expect.poll(() => stage.submitted.length).toBe(1);
    stage.finish(job(1), { tell: false });
    await done;
  });

  it('submits again what an earlier run finished in its place', async () => {
    const stage = new Stage();
    const results: ResultDocument[] = [];
    const done = processBatch(stage, [job(1)], { onResult: (result) => results.push(result) });
    await expect.poll(() => stage.submitted.length).toBe(1);
    stage.finish(job(1), { submittedAt: '2020-01-01T00:00:00.000Z' });
    await expect.poll(() => stage.submitted.length).toBe(2);
    stage.finish(job(1));
    await done;
    expect(results.map(({ submittedAt }) => submittedAt)).toEqual([job(1).submittedAt]);
  });

  it('reports an asset that ends again and again without a result', async () => {
    const stage = new Stage();
    const results: ResultDocument[] = [];
    const done = processBatch(stage, [job(1)], { onResult: (result) => results.push(result) });
    for (let run = 1; run <= 4; run += 1) {
      await expect.poll(() => stage.submitted.length).toBe(run);
      stage.carried.clear();
      stage.emit({ stage: 'ingest', assetId: job(1).assetId, outcome: 'failed', final: true });
    }
    await done;
    expect(results).toMatchObject([{ state: 'failed' }]);
  });

  it('does not bring back what was removed meanwhile, waiting here or after it had left the belt', async () => {
    const stage = new Stage();
    const wanted = new Set([job(1).assetId, job(2).assetId]);
    const results: ResultDocument[] = [];
    const done = processBatch(
      Object.assign(stage, { isWanted: ({ assetId }: IngestJob) => Promise.resolve(wanted.has(assetId)) }),
      [1, 2].map(job),
      { window: 1, onResult: (result) => results.push(result) },
    );
    await expect.poll(() => stage.submitted).toEqual([job(1).assetId]);
    wanted.clear();
    stage.carried.clear();
    stage.emit({ stage: 'ingest', assetId: job(1).assetId, outcome: 'failed', final: true });
    await done;
    expect(stage.submitted).toEqual([job(1).assetId]);
    expect(results.map(({ assetId }) => assetId)).toEqual([job(1).assetId, job(2).assetId]);
    expect(results).toMatchObject([1, 2].map(() => ({ state: 'failed', failure: { code: 'STORE.MISSING' } })));
  });

  it('rejects with the reason of its signal, and submits nothing after it', async () => {
    const stage = new Stage();
    const abort = new AbortController();
    const done = processBatch(stage, [1, 2, 3].map(job), { window: 1, signal: abort.signal });
    await expect.poll(() => stage.submitted.length).toBe(1);
    abort.abort(new Error('enough'));
    await expect(done).rejects.toThrow('enough');
    await setImmediate();
    expect(stage.submitted).toHaveLength(1);
    const late = processBatch(stage, [job(9)], { signal: abort.signal });
    await expect(late).rejects.toThrow('enough');
    expect(stage.submitted).toHaveLength(1);
  });
});
