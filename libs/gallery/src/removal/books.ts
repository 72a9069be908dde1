import type { AssetsRegistry, CollectionsRegistry, IntakeRegistry, PeopleRegistry } from '@facelane/registry';

/** The documents that a removal looks through. */
export interface Books {
  readonly assets: AssetsRegistry;
  readonly collections: CollectionsRegistry;
  readonly people: PeopleRegistry;
  readonly intake: IntakeRegistry;
}
