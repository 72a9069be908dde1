import { type DELIVERIES, MOST_TOGETHER } from '@facelane/contracts';
import type { JobCensus } from '@facelane/queue';
import { z } from 'zod';

const MOST = 100_000;
const LOOK_MS = 30_000;
/** Counting takes a twentieth of the time at most. */
const SPARING = 20;
/** An endpoint that had too much is caught up when it has this share of that left. */
const ROOMY = 0.5;

export interface BacklogOptions {
  /** Deliveries that may wait for an endpoint. Default 100 000. */
  readonly most?: number;
  /** What was counted is good for so long, in milliseconds. Default 30 000. */
  readonly lookMs?: number;
}

const weighed = z.looseObject({ endpointId: z.string(), eventIds: z.array(z.unknown()).optional() });

function deliveriesOf(data: unknown): { readonly thing: string; readonly count: number } | undefined {
  const { endpointId, eventIds } = weighed.safeParse(data).data ?? {};
  return endpointId === undefined ? undefined : { thing: endpointId, count: eventIds?.length ?? 1 };
}

/**
 * For which endpoints more deliveries wait than may. Nothing is counted for each while little waits for all together,
 * which Redis says at once. Then every delivery is looked at, and what is added until the next time is added to that: an
 * endpoint may be taken for full too early, for as long as a count is good.
 */
export class EndpointBacklogs {
  readonly lookMs: number;
  private readonly most: number;
  private counts: ReadonlyMap<string, number> | undefined;
  private counting: Promise<ReadonlyMap<string, number>> | undefined;
  private staleAt = -Infinity;
  private readonly added = new Map<string, number>();

  constructor(
    private readonly census: Pick<JobCensus<typeof DELIVERIES>, 'total' | 'by'>,
    { most = MOST, lookMs = LOOK_MS }: BacklogOptions = {},
  ) {
    this.most = most;
    this.lookMs = lookMs;
  }

  /** Those of the endpoints that have too much, after so much was added for each. */
  async full(added: ReadonlyMap<string, number>): Promise<readonly string[]> {
    for (const [id, count] of added) this.added.set(id, this.addedTo(id) + count);
    if (added.size === 0 || (await this.isLittle(this.most))) return [];
    const isFull = (counts: ReadonlyMap<string, number>) => (id: string) => this.estimate(counts, id) >= this.most;
    const ids = [...added.keys()];
    const known = this.counts;
    if (known !== undefined && !ids.some(isFull(known))) return [];
    const counts = await this.count();
    return counts === undefined ? [] : ids.filter(isFull(counts));
  }

  /** Those of the endpoints that have little left. */
  async roomy(ids: readonly string[]): Promise<readonly string[]> {
    const room = this.most * ROOMY;
    if (ids.length === 0 || (await this.isLittle(room))) return ids;
    const counts = await this.count();
    return counts === undefined ? [] : ids.filter((id) => this.estimate(counts, id) < room);
  }

  private async isLittle(bound: number): Promise<boolean> {
    // Jobs are counted, and one may have as many.
    const total = (await this.census.total('delivery')) * MOST_TOGETHER;
    if (total < this.most) {
      this.counts = undefined;
      this.added.clear();
    }
    return total < bound;
  }

  /** Undefined when it is too early to count, and nothing is known. */
  private async count(): Promise<ReadonlyMap<string, number> | undefined> {
    if (this.counting === undefined && performance.now() < this.staleAt) return this.counts;
    this.counting ??= this.countNow().finally(() => (this.counting = undefined));
    return this.counting;
  }

  private async countNow(): Promise<ReadonlyMap<string, number>> {
    const started = performance.now();
    this.added.clear();
    this.counts = await this.census.by('delivery', deliveriesOf);
    const ended = performance.now();
    this.staleAt = ended + Math.max(this.lookMs, SPARING * (ended - started));
    return this.counts;
  }

  private estimate(counts: ReadonlyMap<string, number>, id: string): number {
    return (counts.get(id) ?? 0) + this.addedTo(id);
  }

  private addedTo(id: string): number {
    return this.added.get(id) ?? 0;
  }
}
