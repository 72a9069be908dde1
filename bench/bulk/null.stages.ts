import {
  type DetectJob,
  type EmbedJob,
  type IngestJob,
  type MatchJob,
  PIPELINE,
  type StageName,
} from '@facelane/contracts';
import type { PipelineBelt, StageWorker } from '@facelane/queue';

type Belt = PipelineBelt<typeof PIPELINE>;

export interface NullStagesOptions {
  /** What the last stage does with an item; nothing by default. */
  readonly onEnd?: (job: MatchJob) => Promise<void> | void;
  /** What detect does, the stage that is the narrowest in a real deployment; nothing by default. */
  readonly onDetect?: () => Promise<void>;
}

const PHOTO = { sha256: 'ab'.repeat(32), bytes: 50_000, format: 'jpeg', width: 640, height: 640 } as const;

/** The four stages of the product, on its own workers and with its own checks, that do nothing but pass on. */
export async function startNullStages(
  belt: Belt,
  { onEnd, onDetect }: NullStagesOptions = {},
): Promise<{ stop(): Promise<void> }> {
  const { ingest, detect, embed, match } = PIPELINE.stages;
  const workers: Pick<StageWorker<never>, 'ready' | 'drain'>[] = [
    belt.startWorker({ stage: ingest, handler: (job) => Promise.resolve(afterIngest(job)) }),
    belt.startWorker({
      stage: detect,
      handler: async (job) => {
        await onDetect?.();
        return { ...job, faces: 1 };
      },
    }),
    belt.startWorker({ stage: embed, handler: (job) => Promise.resolve(afterEmbed(job)) }),
    belt.startWorker({
      stage: match,
      handler: async (job) => {
        await onEnd?.(job);
        return { assetId: job.assetId, faces: 1, matched: 0 };
      },
    }),
  ];
  await Promise.all(workers.map((worker) => worker.ready()));
  return {
    stop: async () => {
      await Promise.all(workers.map((worker) => worker.drain(0)));
    },
  };
}

function afterIngest(job: IngestJob): DetectJob {
  const { tenant, collection, assetId, contract, lane, intent, submittedAt } = job;
  return { tenant, collection, assetId, contract, lane, intent, submittedAt, photo: PHOTO, seen: false };
}

function afterEmbed(job: EmbedJob): MatchJob {
  const { tenant, collection, assetId, contract, lane, intent, submittedAt, photo, faces } = job;
  return { tenant, collection, assetId, contract, lane, intent, submittedAt, photo, faces };
}

/** Items that one process of each stage works on at a time. */
export const atOnce = (stage: StageName): number => PIPELINE.stages[stage].concurrency;
