import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeObjectStore } from '../../testing/object-store.conformance.js';
import { FsObjectStore } from './fs.object-store.js';

for (const fsync of [false, true]) {
  describeObjectStore(
    `FsObjectStore${fsync ? ' with fsync' : ''}`,
    async () => {
      const root = await mkdtemp(join(tmpdir(), 'facelane-store-'));
      const store = new FsObjectStore({ root, bucket: 'facelane', fsync });
      return {
        store,
        dispose: async () => {
          await store.close();
          await rm(root, { recursive: true });
        },
      };
    },
    { conditionalPut: true, presign: false },
  );
}
