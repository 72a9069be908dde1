import { FaceIndex } from '@facelane/face-index';
import { ObjectStore } from '@facelane/object-store';
import { Module, type Provider } from '@nestjs/common';
import { OpenResources } from './open.resources.js';
import { RuntimeOptions } from './runtime.options.js';
import { openFaceIndex, openObjectStore } from './stores.js';

const stores: Provider[] = [
  {
    provide: ObjectStore,
    inject: [RuntimeOptions, OpenResources],
    useFactory: ({ config }: RuntimeOptions, resources: OpenResources) =>
      resources.open(openObjectStore(config), (store) => store.close()),
  },
  {
    provide: FaceIndex,
    inject: [RuntimeOptions, OpenResources],
    useFactory: ({ config, log }: RuntimeOptions, resources: OpenResources) =>
      resources.open(openFaceIndex(config, log), (index) => index.close()),
  },
];

/** The object store and the face index, opened once per process. */
@Module({ providers: stores, exports: stores })
export class StoresModule {}
