import type { z } from 'zod';
import { type RetryPolicy, retryPolicySchema } from './retry-policy.js';

/** One stage, said once. Queue name, worker options, job ids, metric labels and docs all derive from it. */
export interface StageDeclaration<
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
  Next extends string | null = string | null,
> {
  /** Lower-case word; the queue is `<name>.v<version>`. */
  readonly name: string;
  /** A changed job shape is a new version and so a new queue; both run until the old one is empty. */
  readonly version: number;
  /** One sentence for the docs and the dashboards. */
  readonly summary: string;
  readonly input: Input;
  /** What the handler returns and, unless the stage is the last, what the next stage gets. */
  readonly output: Output;
  readonly retry: RetryPolicy;
  /** The handler's signal aborts after this many milliseconds. */
  readonly timeoutMs: number;
  /** A worker that does not renew its lock for this long is taken for dead and the job is given to another. */
  readonly lockMs: number;
  /** Jobs in flight per worker process. */
  readonly concurrency: number;
  /** Name of the stage that receives the output; null for the last. */
  readonly next: Next;
  /** Failed jobs are forgotten after this many milliseconds. Default: never, they are dead letters that somebody sees to. */
  readonly forgetFailedAfterMs?: number;
  /**
   * Its jobs mostly wait for somebody elsewhere: in their process they hold no bulk work back, and are not held back
   * themselves. Default false.
   */
  readonly waitsElsewhere?: boolean;
}

type NamedStage<
  Name extends string,
  Input extends z.ZodType,
  Output extends z.ZodType,
  Next extends string | null,
> = StageDeclaration<Input, Output, Next> & { readonly name: Name };

/** Checks a declaration's numbers at load time; the error names the stage. */
export function defineStage<
  const Name extends string,
  Input extends z.ZodType,
  Output extends z.ZodType,
  const Next extends string | null,
>(stage: NamedStage<Name, Input, Output, Next>): NamedStage<Name, Input, Output, Next> {
  if (!/^[a-z]+$/.test(stage.name)) throw new TypeError(`Stage name "${stage.name}" is not a lower-case word.`);
  const policy = retryPolicySchema.safeParse(stage.retry);
  if (!policy.success)
    throw new TypeError(`Stage ${stage.name}: ${policy.error.issues.map((i) => i.message).join('; ')}`);
  for (const field of ['version', 'timeoutMs', 'lockMs', 'concurrency'] as const) {
    if (!Number.isInteger(stage[field]) || stage[field] < 1) {
      throw new TypeError(`Stage ${stage.name}: ${field} must be a whole number of at least 1, not ${stage[field]}.`);
    }
  }
  return Object.freeze(stage);
}

/** Name of the queue a stage's jobs wait in, e.g. `detect.v1`. */
export function queueNameOf(stage: Pick<StageDeclaration, 'name' | 'version'>): string {
  return `${stage.name}.v${String(stage.version)}`;
}

/** Deterministic job id, e.g. `detect_<assetId>`: the same asset is never twice in one queue. */
export function jobIdOf(stage: Pick<StageDeclaration, 'name'>, assetId: string): string {
  return `${stage.name}_${assetId}`;
}
