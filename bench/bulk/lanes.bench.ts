import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findContract, modelContractId } from '@facelane/models';
import { FsObjectStore } from '@facelane/object-store';
import type { TestModels } from '@facelane/testing';
import { fillGallery } from '../fill-gallery.js';
import { startMeasured } from '../measured.program.js';
import { BenchCaller } from '../bench.caller.js';
import { percentile } from '../statistics.js';
import { withComment } from '../different.photos.js';

const KEY = 'a-key-for-this-benchmark-only';
const BUCKET = 'facelane';
const PEOPLE = 1_000;
const WARM_UP = 15;
/** Between two looks at a photo on its way, milliseconds. */
const LOOK_MS = 5;
/** Somebody who waits for an answer thinks before the next question; milliseconds, on average. */
const THINK_MS = 100;

export interface Latency {
  readonly p50: number;
  readonly p95: number;
}

export interface LaneFigures {
  readonly items: number;
  /** Of each kind, in each state of the program. */
  readonly requests: number;
  /** Photos of the job that ended while requests were measured, and how many a second those were. */
  readonly ended: number;
  readonly perSecond: number;
  /** The same before the requests began. */
  readonly perSecondAlone: number;
  readonly idle: Readonly<Record<Request, Latency>>;
  readonly busy: Readonly<Record<Request, Latency>>;
}

export type Request = 'search' | 'asset';

interface JobView {
  readonly state: string;
  readonly accounted: number;
}

/** What somebody waits for, a search or a single photo, while nothing else happens and while a bulk job runs. */
export async function measureLanes(
  models: TestModels,
  photos: readonly Uint8Array[],
  { dataDir, items, requests }: { readonly dataDir: string; readonly items: number; readonly requests: number },
): Promise<LaneFigures> {
  const contract = modelContractId(findContract(models.manifest), models.manifest);
  const { dimension } = models.contract.embedder;
  const standalone = await startMeasured('standalone', { DATA_DIR: dataDir, API_PORT: '0', API_ADMIN_KEY: KEY });
  const caller = new BenchCaller(standalone.address, KEY);
  const waiter = new Waiter(caller, photos[0]!);
  try {
    await caller.json('POST', '/v1/collections', { id: 'bench' });
    await fillGallery({ dataDir, tenant: 'default', collection: 'bench', contract, dimension }, PEOPLE);
    const manifest = await putPhotos(dataDir, photos, items);
    await waiter.measure(WARM_UP);
    const idle = await waiter.measure(requests);
    const { id } = (await caller.json('POST', '/v1/jobs', { manifest, collection: 'bench' })) as { id: string };
    const look = async (): Promise<JobView> => (await caller.json('GET', `/v1/jobs/${id}`)) as JobView;
    const accountedAfter = async (least: number): Promise<{ at: number; accounted: number }> => {
      for (;;) {
        const { state, accounted } = await look();
        if (state === 'completed') throw new Error(`The job ended before the requests did; give it more items.`);
        if (accounted >= least) return { at: performance.now(), accounted };
        await pause(THINK_MS);
      }
    };
    const rate = (from: { at: number; accounted: number }, to: typeof from): number =>
      ((to.accounted - from.accounted) * 1000) / (to.at - from.at);
    // Progress is written a segment at a time, so a rate is taken from one segment's end to another's.
    const begun = await accountedAfter(1);
    const alone = await accountedAfter(begun.accounted + items / 50);
    const busy = await waiter.measure(requests);
    const after = await accountedAfter((await look()).accounted + 1);
    await caller.json('POST', `/v1/jobs/${id}/cancel`);
    const [perSecond, perSecondAlone] = [rate(alone, after), rate(begun, alone)];
    return { items, requests, ended: after.accounted - alone.accounted, perSecond, perSecondAlone, idle, busy };
  } finally {
    await standalone.stop();
  }
}

/** Sends what somebody waits for, one request at a time. */
class Waiter {
  constructor(
    private readonly caller: BenchCaller,
    private readonly photo: Uint8Array,
  ) {}

  async measure(requests: number): Promise<Readonly<Record<Request, Latency>>> {
    const times = { search: [] as number[], asset: [] as number[] };
    for (let n = 0; n < requests; n += 1) {
      for (const request of ['search', 'asset'] as const) {
        await pause(Math.random() * 2 * THINK_MS);
        const photo = withComment(this.photo, randomUUID());
        const started = performance.now();
        await this[request](photo);
        times[request].push(performance.now() - started);
      }
    }
    return { search: spread(times.search), asset: spread(times.asset) };
  }

  private async search(photo: Uint8Array): Promise<void> {
    await this.caller.form('/v1/collections/bench/search', 'image', photo, {});
  }

  private async asset(photo: Uint8Array): Promise<void> {
    const made = (await this.caller.form('/v1/assets', 'source', photo, { collection: 'bench' })) as { id: string };
    for (;;) {
      const { state } = (await this.caller.json('GET', `/v1/assets/${made.id}`)) as { state: string };
      if (state === 'done') return;
      if (state === 'failed') throw new Error(`Photo ${made.id} of the benchmark failed.`);
      await pause(LOOK_MS);
    }
  }
}

/** Puts the photos of the job and its manifest where the tenant's uploads lie; each is another one. */
async function putPhotos(
  dataDir: string,
  photos: readonly Uint8Array[],
  items: number,
): Promise<{ bucket: string; key: string }> {
  const store = new FsObjectStore({ root: join(dataDir, 'objects'), bucket: BUCKET });
  const key = `tenants/default/uploads/${randomUUID()}`;
  const lines: string[] = [];
  for (let n = 0; n < items; n += 1) {
    const photo = { key: `${key}-${n}.jpg` };
    await store.put(photo.key, withComment(photos[n % photos.length]!, photo.key), { contentType: 'image/jpeg' });
    lines.push(JSON.stringify(photo));
  }
  await store.put(key, new TextEncoder().encode(lines.join('\n')), { contentType: 'application/x-ndjson' });
  await store.close();
  return { bucket: BUCKET, key };
}

const spread = (times: readonly number[]): Latency => ({ p50: percentile(times, 0.5), p95: percentile(times, 0.95) });
