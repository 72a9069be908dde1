import { randomUUID } from 'node:crypto';
import { type IngestJob, PIPELINE } from '@facelane/contracts';
import { PipelineBelt } from '@facelane/queue';
import { AssetSubmitter } from '@facelane/submission';
import { median } from '../statistics.js';
import { BareChain } from './bare.chain.js';
import { startNullStages } from './null.stages.js';

export interface ChainFigures {
  readonly items: number;
  /** Items per second through four hops, medians of the rounds. */
  readonly bare: number;
  readonly ours: number;
  /** Of each round, ours ÷ bare, measured back to back. */
  readonly ratios: readonly number[];
}

/** Added at a time: both chains are given their items alike. */
const CHUNK = 500;

/** Ends of items, counted where the last stage ends them. */
class Finish {
  private left = 0;
  private over = Promise.withResolvers<undefined>();

  expect(items: number): Promise<undefined> {
    this.left = items;
    this.over = Promise.withResolvers<undefined>();
    return this.over.promise;
  }

  readonly one = (): void => {
    this.left -= 1;
    if (this.left === 0) this.over.resolve(undefined);
  };
}

/** Stages that do nothing but pass on, on the product's belt and in bare BullMQ, one after the other on one Redis. */
export async function measureChain(redisUrl: string, items: number, rounds: number): Promise<ChainFigures> {
  const finish = new Finish();
  const bare = new BareChain(redisUrl, finish.one);
  await bare.ready();
  const options = { url: redisUrl, prefix: 'chain', onError: reportTrouble };
  const belt = await PipelineBelt.open(PIPELINE, 'worker', options);
  const stages = await startNullStages(belt, { onEnd: finish.one });
  const submitter = new AssetSubmitter(belt.queues);
  const rates = { bare: [] as number[], ours: [] as number[] };
  const timed = async (rate: number[], count: number, add: (jobs: IngestJob[]) => Promise<void>): Promise<void> => {
    const jobs = Array.from({ length: count }, (_, n) => jobOf(submitter, n));
    const started = performance.now();
    const finished = finish.expect(count);
    for (let at = 0; at < count; at += CHUNK) await add(jobs.slice(at, at + CHUNK));
    await finished;
    rate.push((count * 1000) / (performance.now() - started));
  };
  for (let round = 0; round <= rounds; round += 1) {
    // The first round warms both up and does not count.
    const count = round === 0 ? Math.ceil(items / 5) : items;
    const into = round === 0 ? { bare: [], ours: [] } : rates;
    await timed(into.bare, count, (jobs) => bare.add(jobs));
    await timed(into.ours, count, (jobs) => submitter.submit(jobs));
  }
  await bare.close();
  await stages.stop();
  await belt.close();
  const ratios = rates.ours.map((rate, at) => rate / rates.bare[at]!);
  return { items, bare: median(rates.bare), ours: median(rates.ours), ratios };
}

function jobOf(submitter: AssetSubmitter, number: number): IngestJob {
  const source = { kind: 'object', bucket: 'photos', key: `${randomUUID()}/${number}.jpg` } as const;
  const submission = { tenant: 'bench', collection: 'bench', contract: 'bench-1', lane: 'bulk' } as const;
  return submitter.prepare(submission, [{ source, bulk: { job: randomUUID(), line: number + 1 } }])[0]!;
}

const reportTrouble = (error: Error): void => void process.stderr.write(`${error.message}\n`);
