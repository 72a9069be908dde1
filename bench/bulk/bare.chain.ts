import { PIPELINE } from '@facelane/contracts';
import { Queue, Worker } from 'bullmq';
import { atOnce } from './null.stages.js';

/** What a program without Facelane would write first: a worker per stage that adds the job to the next queue. */
export class BareChain {
  private readonly queues: readonly Queue[];
  private readonly workers: readonly Worker[];

  constructor(
    url: string,
    private readonly onEnd: () => void,
  ) {
    const connection = { url, maxRetriesPerRequest: null };
    this.queues = PIPELINE.order.map((name) => new Queue(name, { connection, prefix: 'bare' }));
    this.workers = PIPELINE.order.map(
      (name, at) =>
        new Worker(
          name,
          async ({ data, opts }) => {
            const next = this.queues[at + 1];
            if (next === undefined) this.onEnd();
            else await next.add(next.name, data, opts);
          },
          { connection, prefix: 'bare', concurrency: atOnce(name) },
        ),
    );
  }

  async ready(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.waitUntilReady()));
  }

  async add(jobs: readonly (object & { readonly assetId: string })[]): Promise<void> {
    const [first] = this.queues as [Queue, ...Queue[]];
    await first.addBulk(
      jobs.map((data) => ({ name: first.name, data, opts: { jobId: data.assetId, removeOnComplete: true } })),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.close()));
    await Promise.all(this.queues.map((queue) => queue.close()));
  }
}
