import { gunzipSync } from 'node:zlib';
import { type BulkJobDocument, keys } from '@facelane/contracts';
import type { ObjectStore } from '@facelane/object-store';
import { LocalExclusion } from '../../../registry/src/testing/document-stores.js';
import { LedgerEraser } from '../erasure/ledger.eraser.js';
import { type BulkBench, onStore } from './bulk.fixture.js';
import { PERSON, withoutPerson } from './bulk.samples.js';

/** Erases `PERSON` from the job's collection as the gallery does: first from results, then from the accounts of jobs. */
export async function erasePerson(bench: BulkBench, job: BulkJobDocument, store: ObjectStore): Promise<number> {
  const { tenant, collection } = job;
  bench.erased.add(collection);
  await Promise.allSettled(bench.underWay);
  const { assets } = onStore(bench.store);
  for await (const { assetId } of assets.results(tenant, collection)) {
    await assets.changeResult({ tenant, collection, assetId }, withoutPerson);
  }
  return ledgerEraser(store).erase(job, new Set([PERSON]));
}

export function ledgerEraser(store: ObjectStore): LedgerEraser {
  const exclusion = new LocalExclusion();
  return new LedgerEraser(store, exclusion, onStore(store, exclusion).jobs);
}

/** Objects of the job that name `PERSON`, in their keys or in what they hold. */
export async function naming(store: ObjectStore, { tenant, id }: BulkJobDocument): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of store.list(`${keys.bulkJobs(tenant)}${id}/`)) {
    const { body } = await store.get(key);
    const text = key.endsWith('.gz') ? gunzipSync(body).toString() : Buffer.from(body).toString();
    if (`${key} ${text}`.includes(PERSON)) found.push(key);
  }
  return found;
}
