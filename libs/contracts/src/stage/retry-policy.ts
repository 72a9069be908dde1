import { z } from 'zod';

/** Runs in all, the first one included. */
const attempts = z.int().min(1).max(100);

const doublingSchema = z
  .strictObject({
    attempts,
    /** Wait before the second run, in milliseconds; doubles with every further run. */
    baseDelayMs: z.int().min(0),
    /** Longest wait between two runs, in milliseconds. */
    maxDelayMs: z.int().min(0),
  })
  .refine((policy) => policy.maxDelayMs >= policy.baseDelayMs, 'maxDelayMs is below baseDelayMs');

const listedSchema = z
  .strictObject({
    attempts,
    /** Wait before the second run, before the third, and so on, in milliseconds. */
    delaysMs: z.array(z.int().min(0)),
  })
  .refine(
    (policy) => policy.delaysMs.length === policy.attempts - 1,
    'delaysMs has not one wait before each further run',
  );

/** How often and how patiently a failed job is tried again. Validated data, stated once per stage. */
export const retryPolicySchema = z.union([doublingSchema, listedSchema]);

export type RetryPolicy = z.output<typeof retryPolicySchema>;

/**
 * Wait before run `attemptsMade + 1`: exponential or as listed, with equal jitter, so that jobs which failed together do
 * not come back together. `random` is in 0..1.
 */
export function retryDelayMs(policy: RetryPolicy, attemptsMade: number, random: number = Math.random()): number {
  const ceiling = longestDelayMs(policy, Math.max(1, attemptsMade));
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}

function longestDelayMs(policy: RetryPolicy, attemptsMade: number): number {
  if ('delaysMs' in policy) return policy.delaysMs[attemptsMade - 1] ?? policy.delaysMs.at(-1) ?? 0;
  return Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attemptsMade - 1));
}
