import { startS3Server } from '@facelane/testing';
import { startConditionalPutProxy } from '../../testing/conditional-put.proxy.js';
import { describeObjectStore } from '../../testing/object-store.conformance.js';
import { S3ObjectStore } from './s3.object-store.js';

/** The test server sorts keys by the rules of a language. */
const FAUXQS = { listsInByteOrder: false };

describeObjectStore(
  'S3ObjectStore, on a server that ignores conditions,',
  async () => {
    const server = await startS3Server();
    const store = new S3ObjectStore(server);
    return {
      store,
      dispose: async () => {
        await store.close();
        await server.stop();
      },
    };
  },
  { conditionalPut: false, presign: true },
  FAUXQS,
);

describeObjectStore(
  'S3ObjectStore, on a server that honours conditions,',
  async () => {
    const server = await startS3Server();
    const proxy = await startConditionalPutProxy(server.endpoint);
    const store = new S3ObjectStore({ ...server, endpoint: proxy.endpoint });
    return {
      store,
      dispose: async () => {
        await store.close();
        await proxy.stop();
        await server.stop();
      },
    };
  },
  { conditionalPut: true, presign: true },
  FAUXQS,
);
