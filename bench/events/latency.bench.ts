import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import { json } from 'node:stream/consumers';
import { BenchCaller } from '../bench.caller.js';
import { withComment } from '../different.photos.js';
import { startMeasured } from '../measured.program.js';
import { percentile } from '../statistics.js';
import { LOCAL_RECEIVERS } from './events.place.js';

const KEY = 'a-key-for-this-benchmark-only';
const WARM_UP = 10;

export interface LatencyFigures {
  readonly photos: number;
  /** From the request that submits a photo to the receipt of `asset.completed`, milliseconds. */
  readonly whole: Spread;
  /** Of that, from the end of the work on the photo on. */
  readonly delivery: Spread;
}

interface Spread {
  readonly p50: number;
  readonly p95: number;
}

interface Told {
  readonly timestamp: string;
  readonly data: { readonly assetId: string };
}

/** One photo after the other through a program that has nothing else to do. */
export async function measureLatency(
  photos: readonly Uint8Array[],
  { dataDir, count }: { readonly dataDir: string; readonly count: number },
): Promise<LatencyFigures> {
  const arrivals = new Map<string, { readonly at: number; readonly ended: number }>();
  let arrived = Promise.withResolvers<undefined>();
  const receiver = createServer((request, response) => {
    void (json(request) as Promise<Told>).then(({ timestamp, data }) => {
      arrivals.set(data.assetId, { at: Date.now(), ended: Date.parse(timestamp) });
      response.writeHead(204).end();
      arrived.resolve(undefined);
    });
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const { port } = receiver.address() as AddressInfo;
  const env = { DATA_DIR: dataDir, API_PORT: '0', API_ADMIN_KEY: KEY, ...LOCAL_RECEIVERS };
  const standalone = await startMeasured('standalone', env);
  const caller = new BenchCaller(standalone.address, KEY);
  const [whole, delivery] = [[] as number[], [] as number[]];
  try {
    await caller.json('POST', '/v1/collections', { id: 'bench' });
    const url = `http://127.0.0.1:${port}/hook`;
    await caller.json('POST', '/v1/webhooks', { url, filter: { types: ['asset.completed'] } });
    for (let n = 0; n < WARM_UP + count; n += 1) {
      const photo = withComment(photos[n % photos.length]!, randomUUID());
      const started = Date.now();
      const { id } = (await caller.form('/v1/assets', 'source', photo, { collection: 'bench' })) as { id: string };
      while (!arrivals.has(id)) {
        await arrived.promise;
        arrived = Promise.withResolvers();
      }
      if (n < WARM_UP) continue;
      const { at, ended } = arrivals.get(id)!;
      whole.push(at - started);
      delivery.push(at - ended);
    }
  } finally {
    await standalone.stop();
    receiver.close();
    receiver.closeAllConnections();
  }
  return { photos: count, whole: spread(whole), delivery: spread(delivery) };
}

const spread = (times: readonly number[]): Spread => ({ p50: percentile(times, 0.5), p95: percentile(times, 0.95) });
