import { z } from 'zod';

/** How often and how patiently a failed job is tried again. Validated data, stated once per stage. */
export const retryPolicySchema = z
  .strictObject({
    /** Runs in all, the first one included. */
    attempts: z.int().min(1).max(100),
    /** Wait before the second run, in milliseconds; doubles with every further run. */
    baseDelayMs: z.int().min(0),
    /** Longest wait between two runs, in milliseconds. */
    maxDelayMs: z.int().min(0),
  })
  .refine((policy) => policy.maxDelayMs >= policy.baseDelayMs, 'maxDelayMs is below baseDelayMs');

export type RetryPolicy = z.output<typeof retryPolicySchema>;

/**
 * Wait before run `attemptsMade + 1`: exponential with equal jitter, so that jobs which failed together do not
 * come back together. `random` is in 0..1.
 */
export function retryDelayMs(policy: RetryPolicy, attemptsMade: number, random: number = Math.random()): number {
  const ceiling = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** Math.max(0, attemptsMade - 1));
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}
