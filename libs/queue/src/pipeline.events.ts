import { type AnyPipeline, queueNameOf, type StageDeclaration } from '@facelane/contracts';
import type { Redis } from 'ioredis';
import { duplicateForWorker } from './redis.connection.js';

export interface PipelineEvent {
  readonly stage: string;
  readonly assetId: string;
  readonly outcome: 'completed' | 'failed';
  /** Whether the asset's way through the pipeline ends here. */
  readonly final: boolean;
}

/** The reader waits this long for the first event; then it comes back even without one. Milliseconds. */
const BLOCK_MS = 5_000;
/** Default of EventsOptions.gatherMs. */
const GATHER_MS = 50;
const RETRY_MS = 500;
const PAGE = 1_000;

export interface EventsOptions {
  /**
   * Pause after events, so that the next read brings many; 0 for whoever has somebody waiting. In milliseconds,
   * default 50.
   */
  readonly gatherMs?: number;
}

interface Followed {
  readonly stage: StageDeclaration;
  readonly key: string;
  lastId: string;
}

/**
 * What happens on the belt, in whichever process it happens. Everything that comes after `ready` is seen, across
 * reconnections too.
 *
 * All stages are read in one command that gathers for a moment, from the event streams that BullMQ writes anyway
 * (one entry per event: `event`, `jobId`, …). BullMQ's own QueueEvents makes a connection and a round trip per stage
 * and wakes up for every entry, four for each job, which cost more than the jobs themselves.
 *
 * A convenience, not the book: Redis keeps about the last 10 000 events of a stage, so a reader that falls further
 * behind misses the oldest without notice. Who must know asks the result documents when it has been quiet.
 */
export class PipelineEvents {
  private readonly redis: Redis;
  private readonly followed: readonly Followed[];
  private reading: Promise<void> | undefined;
  private closed = false;

  constructor(
    pipeline: AnyPipeline,
    redis: Redis,
    prefix: string,
    private readonly listener: (event: PipelineEvent) => void,
    private readonly onError: (error: Error) => void,
    private readonly options: EventsOptions = {},
  ) {
    this.redis = duplicateForWorker(redis);
    this.followed = Object.values(pipeline.stages).map((stage) => ({
      stage,
      key: `${prefix}:${queueNameOf(stage)}:events`,
      lastId: '0-0',
    }));
  }

  async ready(): Promise<void> {
    // From the last event there is now, not from whenever the first read reaches Redis.
    await Promise.all(
      this.followed.map(async (stream) => {
        const [last] = await this.redis.xrevrange(stream.key, '+', '-', 'COUNT', 1);
        stream.lastId = last?.[0] ?? '0-0';
      }),
    );
    this.reading = this.readUntilClosed();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.redis.disconnect();
    await this.reading;
  }

  private async readUntilClosed(): Promise<void> {
    const { gatherMs = GATHER_MS } = this.options;
    while (!this.closed) {
      try {
        if ((await this.readOnce()) && gatherMs > 0) await pause(gatherMs);
      } catch (error) {
        // The state is closed only when close() cut the connection; anything else is trouble that may pass.
        if (this.isClosed()) return;
        this.onError(error instanceof Error ? error : new Error(String(error)));
        await pause(RETRY_MS);
      }
    }
  }

  private async readOnce(): Promise<boolean> {
    const keys = this.followed.map(({ key }) => key);
    const ids = this.followed.map(({ lastId }) => lastId);
    const answer = await this.redis.xread('COUNT', PAGE, 'BLOCK', BLOCK_MS, 'STREAMS', ...keys, ...ids);
    for (const [key, entries] of answer ?? []) {
      const stream = this.followed.find((candidate) => candidate.key === key);
      for (const [id, fields] of entries) if (stream !== undefined) this.read(stream, id, fields);
    }
    return answer !== null;
  }

  private read(stream: Followed, id: string, fields: readonly string[]): void {
    stream.lastId = id;
    const { name, next } = stream.stage;
    const outcome = valueOf(fields, 'event');
    if (outcome !== 'completed' && outcome !== 'failed') return;
    const assetId = valueOf(fields, 'jobId')?.slice(name.length + 1);
    if (assetId === undefined) return;
    this.listener({ stage: name, assetId, outcome, final: outcome === 'failed' || next === null });
  }

  private isClosed(): boolean {
    return this.closed;
  }
}

/** Fields and values alternate. */
function valueOf(fields: readonly string[], name: string): string | undefined {
  for (let i = 0; i + 1 < fields.length; i += 2) if (fields[i] === name) return fields[i + 1];
  return undefined;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
