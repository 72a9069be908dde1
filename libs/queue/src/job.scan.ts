import type { Redis } from 'ioredis';

/** Keys that Redis looks at in one step. */
const STEP = 1_000;

export interface ScannedJob {
  readonly assetId: string;
  /** Parsed; the text itself when it is no JSON. */
  readonly data: unknown;
  /** A dead letter. */
  readonly dead: boolean;
}

/**
 * Every job that a stage has, whatever its state. `prefix` is what the keys of its jobs start with.
 *
 * By the keys of the jobs and not by the lists and sets that say their states: a job changes those while they are read,
 * page by page, and would be missed. Its key stays as long as it does, and SCAN tells every key that is there from its
 * start to its end. An asset that leaves the stage meanwhile is at the next one already, which is to be scanned after.
 */
export async function* jobsOfStage(redis: Redis, prefix: string): AsyncGenerator<ScannedJob> {
  const pattern = `${prefix.replaceAll(/[\\*?[\]]/g, String.raw`\$&`)}*`;
  let cursor = '0';
  do {
    const [next, found] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', STEP);
    cursor = next;
    // Beside a job lie keys of its own, such as its lock, with a colon that no asset id has.
    const keys = found.filter((key) => !key.includes(':', prefix.length));
    const fields = await Promise.all(keys.map((key) => redis.hmget(key, 'data', 'finishedOn')));
    for (const [i, key] of keys.entries()) {
      const [text, finishedOn] = fields[i] ?? [];
      if (typeof text !== 'string') continue;
      yield { assetId: key.slice(prefix.length), data: parsed(text), dead: typeof finishedOn === 'string' };
    }
  } while (cursor !== '0');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
