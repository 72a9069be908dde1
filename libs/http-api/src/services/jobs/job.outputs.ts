import { hasEnded } from '@facelane/bulk';
import { keys } from '@facelane/contracts';
import type { ObjectStore } from '@facelane/object-store';
import type { JobOutputs } from '../../views/job.view.js';
import type { WatchedJob } from './job.watch.js';

const ADDRESS_SECONDS = 3_600;

/** Where the results and the summary of a job lie, once it has ended. */
export async function jobOutputs(
  store: Pick<ObjectStore, 'bucket' | 'capabilities' | 'presignGet' | 'head'>,
  { job, progress }: Pick<WatchedJob, 'job' | 'progress'>,
): Promise<JobOutputs> {
  if (!hasEnded(progress)) return {};
  const { presign } = await store.capabilities();
  const place = async (key: string): Promise<JobOutputs['results']> => {
    if ((await store.head(key)) === undefined) return undefined;
    const url = presign ? await store.presignGet(key, { expiresInSeconds: ADDRESS_SECONDS }) : undefined;
    return { bucket: store.bucket, key, ...(url !== undefined && { url }) };
  };
  const [results, summary] = await Promise.all([
    place(keys.bulkResults(job.tenant, job.id)),
    place(keys.bulkSummary(job.tenant, job.id)),
  ]);
  return { ...(results !== undefined && { results }), ...(summary !== undefined && { summary }) };
}
