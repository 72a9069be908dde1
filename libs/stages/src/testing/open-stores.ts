import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedFaceIndex } from '@facelane/face-index';
import { FsObjectStore, type ObjectStore, S3ObjectStore } from '@facelane/object-store';
import {
  AssetsRegistry,
  CollectionsRegistry,
  DocumentStore,
  Exclusion,
  PeopleRegistry,
  DerivedEditor,
  DerivedStore,
  PhotoRemover,
  PhotoUses,
  PhotoVault,
} from '@facelane/registry';
import { startS3Server } from '@facelane/testing';
import { openOutbox, type TestOutbox } from '../../../boot/src/testing/open-outbox.js';

export interface TestStores extends Pick<TestOutbox, 'outbox' | 'events'> {
  readonly dir: string;
  readonly store: ObjectStore;
  readonly index: EmbeddedFaceIndex;
  readonly exclusion: Exclusion;
  readonly derived: DerivedStore;
  readonly editor: DerivedEditor;
  readonly vault: PhotoVault;
  readonly uses: PhotoUses;
  readonly remover: PhotoRemover;
  readonly documents: DocumentStore;
  readonly assets: AssetsRegistry;
  readonly collections: CollectionsRegistry;
  readonly people: PeopleRegistry;
  close(): Promise<void>;
}

/** One process, one test: its own queue is all the exclusion there is to have. */
class LocalExclusion extends Exclusion {
  private last: Promise<unknown> = Promise.resolve();

  override async with<T>(_name: string, work: () => Promise<T>): Promise<T> {
    const mine = this.last.then(work);
    this.last = mine.catch(() => undefined);
    return mine;
  }
}

/** `fs` honours conditional writes, `s3` (as the test's server is) does not. */
export async function openStores(driver: 'fs' | 's3'): Promise<TestStores> {
  const dir = await mkdtemp(join(tmpdir(), 'facelane-stages-'));
  const s3 = driver === 's3' ? await startS3Server() : undefined;
  const store =
    s3 === undefined ? new FsObjectStore({ root: join(dir, 'objects'), bucket: 'facelane' }) : new S3ObjectStore(s3);
  const index = new EmbeddedFaceIndex({ file: join(dir, 'index.sqlite') });
  const exclusion = new LocalExclusion();
  const documents = new DocumentStore(store, exclusion);
  const uses = new PhotoUses(store);
  const editor = new DerivedEditor(store, documents, exclusion);
  const { outbox, events } = await openOutbox();
  return {
    dir,
    outbox,
    events,
    store,
    index,
    exclusion,
    documents,
    derived: new DerivedStore(store, exclusion),
    editor,
    vault: new PhotoVault(store),
    uses,
    remover: new PhotoRemover(store, uses, editor),
    assets: new AssetsRegistry(documents),
    collections: new CollectionsRegistry(documents),
    people: new PeopleRegistry(documents),
    close: async () => {
      await Promise.all([index.close(), store.close()]);
      await s3?.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
