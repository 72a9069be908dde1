import type { DoneResult } from '@facelane/contracts';
import type { FacelaneSession } from '@facelane/runtime';
import { readPhoto } from './photos.js';
import { type Costs, probe, type StageTimes } from './probes.js';
import { median, percentile, sum } from './statistics.js';

/** Photos in work at a time in the bare loop: as many as keep every inference thread fed. */
const BARE_LANES = 8;

export interface Speed {
  readonly photosPerSecond: number;
  readonly facesPerSecond: number;
  /** Processor time of this process, all threads, milliseconds per photo; other programs' load does not enter it. */
  readonly cpuMsPerPhoto: number;
}

export interface StageFigure {
  readonly stage: string;
  readonly p50: number;
  readonly p95: number;
  /** Of the time that all stages' runs took together. */
  readonly share: number;
}

export interface PipelineFigures {
  readonly photos: number;
  readonly rounds: number;
  readonly bare: Speed;
  readonly pipeline: Speed;
  /** Median over the rounds of pipeline ÷ bare, each pair measured back to back. */
  readonly ratio: number;
  readonly ratios: readonly number[];
  readonly stages: readonly StageFigure[];
  readonly requestsPerAsset: number;
  readonly jobBytesPerAsset: number;
  readonly peakRssBytes: number;
  readonly redisPeakBytes: number;
}

/** The pipeline against the same decode, detect, align and embed in a bare loop, on the same inference threads. */
export async function measurePipeline(
  session: FacelaneSession,
  paths: readonly string[],
  times: StageTimes,
  rounds: number,
): Promise<PipelineFigures> {
  await bareLoop(session, paths.slice(0, 40));
  await throughPipeline(session, paths.slice(0, 40), 'warm-up');
  times.reset();
  const probed = probe(session);
  const bare: Speed[] = [];
  const pipeline: Speed[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    bare.push(await bareLoop(session, paths));
    // A tenant of its own: to another round's the photos would be duplicates, and no model would run.
    pipeline.push(await throughPipeline(session, paths, `round-${round}`));
  }
  probed.stop();
  const ratios = pipeline.map((speed, i) => speed.photosPerSecond / bare[i]!.photosPerSecond);
  return {
    photos: paths.length,
    rounds,
    bare: middle(bare),
    pipeline: middle(pipeline),
    ratio: median(ratios),
    ratios,
    stages: stageFigures(times),
    ...perAsset(probed.costs(), paths.length * rounds),
    redisPeakBytes: await session.belt.peakMemoryBytes(),
  };
}

async function bareLoop(session: FacelaneSession, paths: readonly string[]): Promise<Speed> {
  const queue = [...paths];
  let faces = 0;
  const lane = async (): Promise<void> => {
    for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
      const photo = await session.embed(await readPhoto(path), path);
      faces += photo.faces.length;
    }
  };
  const stop = startClock();
  await Promise.all(Array.from({ length: BARE_LANES }, lane));
  return speed(paths.length, faces, stop());
}

async function throughPipeline(session: FacelaneSession, paths: readonly string[], tenant: string): Promise<Speed> {
  const collection = await session.ensureCollection(tenant, 'bench');
  const jobs = session.prepare(
    { tenant, collection: collection.id, contract: collection.contract, lane: 'bulk' },
    paths.map((path) => ({ source: { kind: 'file', path } })),
  );
  const stop = startClock();
  await session.process(jobs);
  const elapsed = stop();
  const results = await Promise.all(jobs.map((job) => session.assets.findResult(job)));
  const done = results.filter((result): result is DoneResult => result?.state === 'done');
  if (done.length !== paths.length) throw new Error(`${paths.length - done.length} photos of the benchmark failed.`);
  return speed(paths.length, sum(done.map(({ faces }) => faces.length)), elapsed);
}

interface Elapsed {
  readonly wallMs: number;
  readonly cpuMs: number;
}

function startClock(): () => Elapsed {
  const started = performance.now();
  const cpu = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return { wallMs: performance.now() - started, cpuMs: (user + system) / 1000 };
  };
}

const speed = (photos: number, faces: number, { wallMs, cpuMs }: Elapsed): Speed => ({
  photosPerSecond: (photos / wallMs) * 1000,
  facesPerSecond: (faces / wallMs) * 1000,
  cpuMsPerPhoto: cpuMs / photos,
});

const middle = (speeds: readonly Speed[]): Speed => ({
  photosPerSecond: median(speeds.map(({ photosPerSecond }) => photosPerSecond)),
  facesPerSecond: median(speeds.map(({ facesPerSecond }) => facesPerSecond)),
  cpuMsPerPhoto: median(speeds.map(({ cpuMsPerPhoto }) => cpuMsPerPhoto)),
});

function stageFigures({ byStage }: StageTimes): StageFigure[] {
  const total = sum([...byStage.values()].flat());
  return [...byStage].map(([stage, ms]) => ({
    stage,
    p50: percentile(ms, 0.5),
    p95: percentile(ms, 0.95),
    share: sum(ms) / total,
  }));
}

const perAsset = (
  { storeRequests, jobBytes, peakRssBytes }: Costs,
  assets: number,
): Pick<PipelineFigures, 'requestsPerAsset' | 'jobBytesPerAsset' | 'peakRssBytes'> => ({
  requestsPerAsset: storeRequests / assets,
  jobBytesPerAsset: jobBytes / assets,
  peakRssBytes,
});
