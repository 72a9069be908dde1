/** A worker process of the test chain, to be killed. Its one argument is a ChildTask as JSON. */
import { ChannelBells } from '../bells/channel.bells.js';
import { LaneGate } from '../lanes/lane.gate.js';
import { connectProducer, connectWorker } from '../redis.connection.js';
import type { QueuedAsset } from '../stage.job.js';
import { StageQueues } from '../stage.queues.js';
import { StageWorker, type StageTuning } from '../stage.worker.js';
import { CHAIN, type ChainStage, type Word } from './pipeline.fixture.js';

export interface ChildTask {
  readonly url: string;
  readonly prefix: string;
  readonly stage: ChainStage;
  /** `die-after-hop`: kill itself between the next hop and the job's completion. */
  readonly mode: 'pass' | 'hang' | 'die-after-hop';
  readonly graceMs: number;
  readonly tuning: StageTuning;
}

class DeadlyQueues extends StageQueues<typeof CHAIN> {
  override async enqueue(stageName: string, inputs: readonly QueuedAsset[]): Promise<void> {
    await super.enqueue(stageName, inputs);
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => undefined);
  }
}

const { url, prefix, stage, mode, graceMs, tuning } = JSON.parse(process.argv[2] ?? '{}') as ChildTask;
const ignore = (): void => undefined;
const redis = await connectProducer({ url }, ignore);
const queues = new (mode === 'die-after-hop' ? DeadlyQueues : StageQueues)(CHAIN, redis, prefix);
const workerRedis = connectWorker({ url }, ignore);
const worker = new StageWorker({
  stage: CHAIN.stages[stage] as never,
  handler: (async (input: Word) => {
    process.stdout.write(`started ${input.assetId}\n`);
    if (mode === 'hang') await new Promise(() => undefined);
    await redis.sadd(`${prefix}:effects`, input.assetId);
    return stage === 'last' ? { assetId: input.assetId } : input;
  }) as never,
  queues,
  redis: workerRedis,
  gate: new LaneGate(),
  bells: new ChannelBells(workerRedis),
  prefix,
  tuning,
});
process.once('SIGTERM', () => {
  void worker.drain(graceMs).then(() => process.exit(0));
});
