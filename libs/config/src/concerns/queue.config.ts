import { type AnyStageName, EVERY_STAGE, STAGES } from '@facelane/contracts';
import { defineConcern } from '../concern.js';
import { integer } from '../kinds.js';
import { optional, variable, type Variable } from '../variable.js';

export interface QueueConfig {
  /** Jobs at once in one process, per stage. */
  readonly concurrency: Readonly<Record<AnyStageName, number>>;
  /** How long a job stays with a worker that is not heard of, in milliseconds. Absent: as the stage declares. */
  readonly lockMs?: number;
  /** How long a stopping worker lets running jobs finish before it hands them back, in milliseconds. */
  readonly drainTimeoutMs: number;
}

type ConcurrencyName = `QUEUE_CONCURRENCY_${Uppercase<AnyStageName>}`;
const nameOf = (stage: AnyStageName): ConcurrencyName =>
  `QUEUE_CONCURRENCY_${stage.toUpperCase() as Uppercase<AnyStageName>}`;

function concurrencyOf(stage: AnyStageName): Variable<number> {
  const fallback = String(STAGES[stage].concurrency);
  return variable({
    kind: integer(1, 1000),
    meaning: `Jobs of the ${stage} stage that one process runs at once.`,
    example: fallback,
    fallback,
  });
}

export const queueConcern = defineConcern({
  title: 'Queue',
  variables: {
    ...(Object.fromEntries(EVERY_STAGE.map((stage) => [nameOf(stage), concurrencyOf(stage)])) as Record<
      ConcurrencyName,
      Variable<number>
    >),
    QUEUE_LOCK_MS: optional({
      kind: integer(1_000, 600_000),
      meaning: 'How long a job waits for a worker that is not heard of before another takes it, in milliseconds.',
      example: '60000',
      defaultNote: `${STAGES.ingest.lockMs}`,
    }),
    QUEUE_DRAIN_TIMEOUT_MS: variable({
      kind: integer(0, 600_000),
      meaning: 'How long a stopping worker lets its jobs finish before it hands them back, in milliseconds.',
      example: '30000',
      fallback: '20000',
    }),
  },
  build: (values): QueueConfig => ({
    concurrency: Object.fromEntries(EVERY_STAGE.map((stage) => [stage, values[nameOf(stage)]])) as Record<
      AnyStageName,
      number
    >,
    ...(values.QUEUE_LOCK_MS !== undefined && { lockMs: values.QUEUE_LOCK_MS }),
    drainTimeoutMs: values.QUEUE_DRAIN_TIMEOUT_MS,
  }),
});
