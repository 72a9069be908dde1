import { ObjectStore } from '@facelane/object-store';
import {
  ApiKeysRegistry,
  DerivedStore,
  DocumentStore,
  Exclusion,
  IntakeRegistry,
  PhotoUses,
  ReceiptsRegistry,
  SuppressionsRegistry,
} from '@facelane/registry';
import type { Provider } from '@nestjs/common';

/** Documents that the API reads and writes beside those of the ports. */
export const registryProviders: Provider[] = [
  ...[ApiKeysRegistry, IntakeRegistry, ReceiptsRegistry, SuppressionsRegistry].map((Registry) => ({
    provide: Registry,
    inject: [DocumentStore],
    useFactory: (documents: DocumentStore) => new Registry(documents),
  })),
  {
    provide: DerivedStore,
    inject: [ObjectStore, Exclusion],
    useFactory: (store: ObjectStore, exclusion: Exclusion) => new DerivedStore(store, exclusion),
  },
  { provide: PhotoUses, inject: [ObjectStore], useFactory: (store: ObjectStore) => new PhotoUses(store) },
];
