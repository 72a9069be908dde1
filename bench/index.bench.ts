import { join } from 'node:path';
import { EmbeddedFaceIndex, type ScoredPoint } from '@facelane/face-index';
import { DIMENSION, facesOfPeople, facesWithoutOrder, takeFaces, type BenchFaces } from './index.faces.js';
import { median, percentile, sum } from './statistics.js';

export interface SearchFigures {
  readonly what: string;
  readonly faces: number;
  /** Milliseconds of a search for one face's ten nearest, as the index does it by default. */
  readonly coarse: { readonly p50: number; readonly p95: number };
  readonly exact: { readonly p50: number; readonly p95: number };
  /** Median of exact ÷ coarse, each pair measured back to back. */
  readonly timesFaster: number;
  /** Share of the exact scan's first 10 and 50 that the search with a coarse pass found. */
  readonly recall10: number;
  readonly recall50: number;
  /** Milliseconds per query when a call has eight. */
  readonly oneOfEight: number;
  /** Milliseconds of the first search, which makes the copies, and by how much it made the process grow. */
  readonly first: number;
  readonly grownBytes: number;
}

export interface IndexFigures {
  readonly searches: readonly SearchFigures[];
  /** Faces per second, 500 a call, into an index that holds copies. */
  readonly insertsWithCopies: number;
  readonly insertsWithout: number;
}

const CONTRACT = { id: 'bench', dimension: DIMENSION };
const QUERIES = 60;
const BATCH = 500;
const TOGETHER = 8;

/** The embedded index with its coarse pass against itself without. */
export async function measureIndex(folder: string): Promise<IndexFigures> {
  const file = join(folder, 'coarse.db');
  const coarse = new EmbeddedFaceIndex({ file });
  const plain = new EmbeddedFaceIndex({ file: join(folder, 'plain.db'), coarse: { above: Infinity } });
  await Promise.all([coarse, plain].map((index) => index.ensureContract(CONTRACT)));
  const inserts = { coarse: [] as number[], plain: [] as number[] };
  const searches: SearchFigures[] = [];
  for (const [source, count] of [
    [facesOfPeople('people'), 100_000],
    [facesWithoutOrder('chaos'), 100_000],
    [facesOfPeople('small'), 10_000],
  ] as const) {
    process.stderr.write(`${count} faces: ${source.what}\n`);
    const faces = takeFaces(source, count, QUERIES);
    for (let at = 0; at < count; at += BATCH) {
      const points = faces.points.slice(at, at + BATCH);
      await timed(inserts.plain, () => plain.upsert(CONTRACT.id, points));
      await timed(inserts.coarse, () => coarse.upsert(CONTRACT.id, points));
      // So that copies are held while the collection grows.
      if (at % 10_000 === 0) await search(coarse, faces, faces.queries.slice(0, TOGETHER), 1);
    }
    searches.push(await measureSearches(file, faces));
  }
  await Promise.all([coarse.close(), plain.close()]);
  const perSecond = (times: readonly number[]): number => (BATCH * times.length * 1000) / sum(times);
  return { searches, insertsWithCopies: perSecond(inserts.coarse), insertsWithout: perSecond(inserts.plain) };
}

/** On connections of its own, which hold no copies yet. */
async function measureSearches(file: string, faces: BenchFaces): Promise<SearchFigures> {
  const coarse = new EmbeddedFaceIndex({ file, coarse: { after: 0 } });
  const exact = new EmbeddedFaceIndex({ file, coarse: { above: Infinity } });
  const [first, ...queries] = faces.queries as [Float32Array, ...Float32Array[]];
  await search(exact, faces, [first], 10);
  const before = process.memoryUsage.rss();
  const firstTime: number[] = [];
  await timed(firstTime, () => search(coarse, faces, [first], 10));
  const grownBytes = process.memoryUsage.rss() - before;
  const times = { coarse: [] as number[], exact: [] as number[], together: [] as number[] };
  const recalls = { ten: [] as number[], fifty: [] as number[] };
  for (const query of queries) {
    const found = await timed(times.coarse, () => search(coarse, faces, [query], 10));
    recalls.ten.push(recall(found, await timed(times.exact, () => search(exact, faces, [query], 10))));
    recalls.fifty.push(recall(await search(coarse, faces, [query], 50), await search(exact, faces, [query], 50)));
  }
  for (let at = 0; at + TOGETHER <= queries.length; at += TOGETHER) {
    await timed(times.together, () => search(coarse, faces, queries.slice(at, at + TOGETHER), 10));
  }
  await Promise.all([coarse.close(), exact.close()]);
  return {
    ...{ what: faces.what, faces: faces.points.length, first: firstTime[0]!, grownBytes },
    ...{ coarse: spread(times.coarse), exact: spread(times.exact), oneOfEight: median(times.together) / TOGETHER },
    timesFaster: median(times.exact.map((time, at) => time / times.coarse[at]!)),
    recall10: sum(recalls.ten) / recalls.ten.length,
    recall50: sum(recalls.fifty) / recalls.fifty.length,
  };
}

async function search(
  index: EmbeddedFaceIndex,
  { collection }: BenchFaces,
  queries: readonly Float32Array[],
  limit: number,
): Promise<ScoredPoint[]> {
  return (await index.search(CONTRACT.id, queries, { tenant: 'bench', collection }, limit)).flat();
}

function recall(found: readonly ScoredPoint[], wanted: readonly ScoredPoint[]): number {
  const ids = new Set(found.map(({ point }) => point.id));
  return wanted.filter(({ point }) => ids.has(point.id)).length / wanted.length;
}

async function timed<T>(times: number[], work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await work();
  times.push(performance.now() - started);
  return result;
}

const spread = (times: readonly number[]): { p50: number; p95: number } => ({
  p50: percentile(times, 0.5),
  p95: percentile(times, 0.95),
});
