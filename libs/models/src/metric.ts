import { cosineAtDistance } from '@facelane/vision';

/** What vectors are compared by, see models/README.md. */
export const METRICS = ['cosine', 'euclidean', 'euclidean-raw'] as const;
export type Metric = (typeof METRICS)[number];

/** Vectors that keep their length have one value more, see `euclidean-raw` in models/README.md. */
const LIFTED = 1;

/** What of a contract its metric has to do with. */
interface Measured {
  readonly metric?: Metric | undefined;
  readonly settings: { readonly radius?: number | undefined };
  readonly second?: unknown;
  readonly thresholds: Readonly<Record<string, number>>;
}

interface Vectors {
  readonly embedder: { readonly dimension: number };
  readonly second?: { readonly embedder: { readonly dimension: number } } | undefined;
  readonly metric?: Metric | undefined;
}

/** Values of a contract's vectors. */
export const vectorDimension = ({ embedder, second, metric }: Vectors): number =>
  embedder.dimension + (second?.embedder.dimension ?? 0) + (metric === 'euclidean-raw' ? LIFTED : 0);

/** The contract's thresholds as cosines, by which everything else goes. */
export function contractCosines({
  metric = 'cosine',
  settings: { radius },
  thresholds,
}: Measured): Readonly<Record<string, number>> {
  if (metric === 'cosine') return thresholds;
  const cosines = Object.entries(thresholds).map(([rate, value]) => [rate, cosineAtDistance(value, radius)] as const);
  return Object.fromEntries(cosines);
}

/** The contract's thresholds as distances lie within this. */
const mostOf = (metric: Metric, radius: number): number => (metric === 'cosine' ? 1 : 2 * radius);

/** What of a contract does not go with its metric. */
export function metricIssues({
  metric = 'cosine',
  settings: { radius },
  second,
  thresholds,
}: Measured): { path: string[]; message: string }[] {
  const isRaw = metric === 'euclidean-raw';
  if (isRaw && radius === undefined) {
    return [
      { path: ['settings', 'radius'], message: 'is needed with the metric euclidean-raw: longer than any vector' },
    ];
  }
  if (!isRaw && radius !== undefined) {
    return [{ path: ['settings', 'radius'], message: 'goes with the metric euclidean-raw only' }];
  }
  if (isRaw && second !== undefined) {
    return [{ path: ['second'], message: 'has unit vectors: it does not go with the metric euclidean-raw' }];
  }
  const most = mostOf(metric, radius ?? 1);
  const least = metric === 'cosine' ? -1 : 0;
  return Object.entries(thresholds)
    .filter(([, value]) => value < least || value > most)
    .map(([rate, value]) => ({
      path: ['thresholds', rate],
      message: `${value} is no ${metric === 'cosine' ? 'cosine' : 'distance'}: between ${least} and ${most}`,
    }));
}
