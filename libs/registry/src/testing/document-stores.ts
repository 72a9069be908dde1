import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FsObjectStore, type ObjectStore, S3ObjectStore } from '@facelane/object-store';
import { startS3Server } from '@facelane/testing';
import { DocumentStore } from '../document.store.js';
import { Exclusion } from '../exclusion.port.js';
import type { WebhookChanges } from '../webhooks/webhooks.registry.js';

export interface TestDocuments {
  readonly store: ObjectStore;
  readonly documents: DocumentStore;
  close(): Promise<void>;
}

/** One process, one test: its own queue is all the exclusion there is to have. */
export class LocalExclusion extends Exclusion {
  private last: Promise<unknown> = Promise.resolve();

  override async with<T>(_name: string, work: () => Promise<T>): Promise<T> {
    const mine = this.last.then(work);
    this.last = mine.catch(() => undefined);
    return mine;
  }
}

/** `fs` honours conditional writes, `s3` (as the test's server is) does not. */
export async function openDocuments(driver: 'fs' | 's3'): Promise<TestDocuments> {
  const dir = await mkdtemp(join(tmpdir(), 'facelane-registry-'));
  const s3 = driver === 's3' ? await startS3Server() : undefined;
  const store = s3 === undefined ? new FsObjectStore({ root: dir, bucket: 'facelane' }) : new S3ObjectStore(s3);
  return {
    store,
    documents: new DocumentStore(store, new LocalExclusion()),
    close: async () => {
      await store.close();
      await s3?.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

/** Every item of every page, and how many pages there were. */
export async function allPages<T>(
  page: (after?: string) => Promise<{ readonly items: readonly T[]; readonly next?: string }>,
): Promise<{ items: T[]; pages: number }> {
  const items: T[] = [];
  for (let pages = 1, after: string | undefined; ; pages += 1) {
    const found = await page(after);
    items.push(...found.items);
    if (found.next === undefined) return { items, pages };
    after = found.next;
  }
}

/** Where nobody remembers endpoints. */
export const UNHEARD: WebhookChanges = { changed: () => Promise.resolve() };
