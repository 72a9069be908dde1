import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeObjectStore } from '../../testing/object-store.conformance.js';
import { FsObjectStore } from './fs.object-store.js';

describeObjectStore(
  'FsObjectStore',
  async () => {
    const root = await mkdtemp(join(tmpdir(), 'facelane-store-'));
    const store = new FsObjectStore({ root, bucket: 'facelane' });
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
