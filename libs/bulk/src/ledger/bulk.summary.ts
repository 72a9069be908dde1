import {
  bulkJobDocumentSchema,
  type BulkJobDocument,
  bulkProgressDocumentSchema,
  type BulkProgressDocument,
  keys,
} from '@facelane/contracts';
import type { DocumentStore } from '@facelane/registry';
import { z } from 'zod';
import type { BulkJobKey } from '../registry/bulk-jobs.registry.js';

/** The account of a job that has ended: its counts add up to `lines`. */
export const bulkSummarySchema = z.strictObject({
  version: z.literal(1),
  job: bulkJobDocumentSchema,
  state: z.enum(['cancelled', 'completed', 'failed']),
  lines: z.int().min(0),
  ...bulkProgressDocumentSchema.pick({ counts: true, failures: true, failure: true, startedAt: true }).shape,
  endedAt: z.iso.datetime(),
  /** Key of the results file, in the bucket of this document. */
  results: z.string(),
});
export type BulkSummary = z.output<typeof bulkSummarySchema>;

type EndedProgress = BulkProgressDocument & {
  readonly state: BulkSummary['state'];
  readonly endedAt: string;
};

export async function writeSummary(
  documents: DocumentStore,
  job: BulkJobDocument,
  progress: EndedProgress,
  results: string,
): Promise<void> {
  const { state, accounted, counts, failures, failure, startedAt, endedAt } = progress;
  await documents.write(keys.bulkSummary(job.tenant, job.id), bulkSummarySchema, {
    version: 1,
    job,
    state,
    lines: accounted,
    counts,
    failures,
    ...(failure !== undefined && { failure }),
    ...(startedAt !== undefined && { startedAt }),
    endedAt,
    results,
  });
}

export async function findSummary(
  documents: DocumentStore,
  { tenant, id }: BulkJobKey,
): Promise<BulkSummary | undefined> {
  return documents.read(keys.bulkSummary(tenant, id), bulkSummarySchema);
}
