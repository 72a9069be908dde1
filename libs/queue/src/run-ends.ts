import { StageError, type StageDeclaration } from '@facelane/contracts';
import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { pauses } from './pauses.js';
import { askRedis } from './redis.answer.js';

/** A run ends at its stage's timeout at the latest; this many of them are time enough for its end to be written. */
const TIMEOUTS = 2;

/**
 * Remembers since when a stage is waited for, and refuses to wait for ever.
 *
 * @throws StageError QUEUE.TIMEOUT from `check` when it has been twice the timeout of the stage.
 */
export class EndOfRun {
  private readonly since = performance.now();

  constructor(
    private readonly stage: Pick<StageDeclaration, 'name' | 'timeoutMs'>,
    private readonly subject: string,
  ) {}

  check(): void {
    const { name, timeoutMs } = this.stage;
    const limitMs = TIMEOUTS * timeoutMs;
    if (performance.now() - this.since <= limitMs) return;
    throw new StageError(
      'QUEUE.TIMEOUT',
      `Stage ${name} did not end its work on ${this.subject} within ${limitMs} ms.`,
      {
        safeDetails: { stage: name, limitMs },
      },
    );
  }
}

/**
 * Resolves when every run of the stage that is under way now has ended, however it ends. Runs that begin later are not
 * waited for; one whose worker is not heard of is over when its lock ends, as everywhere.
 *
 * @throws StageError QUEUE.TIMEOUT when one does not end within twice the timeout of the stage.
 */
export async function runsOfNowEnded(
  redis: Redis,
  queue: Queue,
  stage: Pick<StageDeclaration, 'name' | 'timeoutMs'>,
  signal?: AbortSignal,
): Promise<void> {
  const end = new EndOfRun(stage, 'the jobs of now');
  const pause = pauses(signal);
  let awaited = await runsOf(redis, queue);
  while (awaited.size > 0) {
    end.check();
    await pause();
    const now = await runsOf(redis, queue);
    awaited = new Set([...awaited].filter((run) => now.has(run)));
  }
}

/** The runs under way, each named by its job and its beginning. */
async function runsOf(redis: Redis, queue: Queue): Promise<Set<string>> {
  return askRedis(redis, async () => {
    const ids = await queue.getRanges(['active'], 0, -1, true);
    const runs = await Promise.all(
      ids.map(async (id) => {
        const key = queue.toKey(id);
        const [begun, locked] = await Promise.all([redis.hget(key, 'processedOn'), redis.exists(`${key}:lock`)]);
        return locked === 1 ? [`${id}@${begun ?? ''}`] : [];
      }),
    );
    return new Set(runs.flat());
  });
}
