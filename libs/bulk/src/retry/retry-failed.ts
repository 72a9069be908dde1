import { randomUUID } from 'node:crypto';
import { type BulkJobDocument, keys, type LedgerEntry } from '@facelane/contracts';
import type { ObjectStore } from '@facelane/object-store';
import type { OpenSource } from '../feeder/feeder.dependencies.js';
import type { Ledger } from '../ledger/ledger.js';
import type { BulkJobsRegistry } from '../registry/bulk-jobs.registry.js';
import type { BulkPhoto } from '../source/source.item.js';
import { ListedPhotos } from './listed.photos.js';

export interface RetryDependencies {
  readonly store: Pick<ObjectStore, 'bucket' | 'putStream' | 'delete'>;
  readonly jobs: Pick<BulkJobsRegistry, 'create' | 'findProgress'>;
  readonly ledger: Pick<Ledger, 'entries'>;
  readonly openSource: OpenSource;
}

export interface RetryOptions {
  /** Only items that failed with this code. Default: all. */
  readonly code?: string | undefined;
  /** Of the new job. Default: a random one. */
  readonly id?: string;
}

export type RetryOutcome =
  | { readonly outcome: 'created' | 'exists'; readonly job: BulkJobDocument; readonly lost: number }
  /** No item failed so, or none of them is known any more. */
  | { readonly outcome: 'nothing'; readonly lost: number };

/**
 * Makes a job of the items of another that have failed so far, with the same options. Lines that were no items stay out
 * of it. `lost`: items that cannot be named again, because their list was changed or removed meanwhile.
 */
export async function retryFailed(
  { store, jobs, ledger, openSource }: RetryDependencies,
  job: BulkJobDocument,
  { code, id = randomUUID() }: RetryOptions = {},
): Promise<RetryOutcome> {
  const accounted = (await jobs.findProgress(job))?.accounted ?? 0;
  const listed = new ListedPhotos(openSource(job));
  const key = keys.bulkItems(job.tenant, id);
  const counts = { items: 0, lost: 0 };
  async function* lines(): AsyncGenerator<Uint8Array> {
    for await (const entry of ledger.entries(job, accounted)) {
      if (!isWanted(entry, code)) continue;
      const photo = (await listed.photoOf(entry)) ?? photoByName(entry);
      if (photo === undefined) counts.lost += 1;
      else {
        counts.items += 1;
        yield new TextEncoder().encode(`${JSON.stringify(manifestLine(photo))}\n`);
      }
    }
  }
  await store.putStream(key, lines(), { contentType: 'application/x-ndjson' });
  await listed.close();
  if (counts.items === 0) {
    await store.delete(key);
    return { outcome: 'nothing', lost: counts.lost };
  }
  const made = await jobs.create({
    ...job,
    id,
    source: { kind: 'manifest', bucket: store.bucket, key },
    // They have results already: failed ones.
    options: { ...job.options, onlyNew: false },
    ...{ wish: 'run', retryOf: job.id, createdAt: new Date().toISOString(), total: counts.items },
  });
  return { ...made, lost: counts.lost };
}

function isWanted({ outcome, failure }: LedgerEntry, code: string | undefined): boolean {
  return outcome === 'failed' && failure?.stage !== 'manifest' && (code === undefined || failure?.code === code);
}

/** An object is named in full by its entry, without its tags; a URL may have lost what was secret in it. */
function photoByName({ item, externalId }: LedgerEntry): BulkPhoto | undefined {
  const { bucket, key } = /^s3:\/\/(?<bucket>[^/]+)\/(?<key>.+)$/s.exec(item)?.groups ?? {};
  if (bucket === undefined || key === undefined) return undefined;
  return { source: { kind: 'object', bucket, key }, name: item, ...(externalId !== undefined && { externalId }) };
}

function manifestLine({ source, externalId, tags }: BulkPhoto): Record<string, unknown> {
  const named = source.kind === 'object' ? { bucket: source.bucket, key: source.key } : { url: urlOf(source) };
  return { ...named, ...(externalId !== undefined && { externalId }), ...(tags !== undefined && { tags }) };
}

function urlOf(source: Exclude<BulkPhoto['source'], { kind: 'object' }>): string {
  if (source.kind === 'url') return source.url;
  throw new TypeError('A bulk job names no files.');
}
