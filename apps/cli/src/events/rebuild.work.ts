import { LeaseExclusion, openObjectStore } from '@facelane/boot';
import { BulkJobsRegistry } from '@facelane/bulk';
import { UsageError } from '@facelane/contracts';
import { AssetsRegistry, CollectionsRegistry, DocumentStore, PeopleRegistry } from '@facelane/registry';
import type { CliContext } from '../cli.context.js';
import { withBelts } from '../commands/status.command.js';
import { EXIT_CODES } from '../output/exit-codes.js';
import { rebuildEvents, type Rebuilt } from './rebuild.events.js';

export interface RebuildFlags {
  readonly since: string;
  readonly collection?: string;
  readonly tenant: string;
}

/** Makes events of what is stored again, into the log of the Redis that is configured. */
export async function rebuild(context: CliContext, { since, collection, tenant }: RebuildFlags): Promise<number> {
  const { config, signal } = context;
  const from = timeOf(since);
  const rebuilt = await withBelts(context, async ({ pipeline: { eventLog, lease } }) => {
    const store = openObjectStore(config);
    try {
      const documents = new DocumentStore(store, new LeaseExclusion(lease));
      const collections = await collectionsOf(new CollectionsRegistry(documents), tenant, collection);
      const query = { tenant, collections, since: from, most: config.events.maxPerTenant };
      const books = {
        assets: new AssetsRegistry(documents),
        people: new PeopleRegistry(documents),
        jobs: new BulkJobsRegistry(documents, store),
      };
      return await rebuildEvents(books, eventLog, query, signal);
    } finally {
      await store.close();
    }
  });
  if (context.json) context.print(JSON.stringify({ tenant, since: new Date(from).toISOString(), ...rebuilt }));
  else print(context, rebuilt);
  return EXIT_CODES.ok;
}

function print(context: CliContext, { results, changes, enrolments, jobs, added, known, left }: Rebuilt): void {
  context.print(
    `${results} results, ${changes} changes, ${enrolments} references of people and ${jobs} bulk jobs: ` +
      `${added} events were added, ${known} were there.`,
  );
  if (left > 0) {
    context.note(`${left} that are older were left out: the log keeps no more (EVENTS_MAX_PER_TENANT).`);
  }
  if (added > 0) {
    context.note(
      'They are at the end of the log. A reader whose cursor was refused (EVENTS.CURSOR_EXPIRED) reads from the oldest ' +
        'event, without a cursor; a consumer is deleted first. Ids that he has seen he ignores.',
    );
  }
}

/** @throws UsageError when there is no such collection, which would pass for one without results. */
async function collectionsOf(
  registry: CollectionsRegistry,
  tenant: string,
  collection: string | undefined,
): Promise<string[]> {
  if (collection !== undefined) {
    if ((await registry.find(tenant, collection)) !== undefined) return [collection];
    throw new UsageError(`Tenant ${tenant} has no collection ${collection}.`, 'Check both names.');
  }
  const ids: string[] = [];
  for await (const { id } of registry.list(tenant)) ids.push(id);
  return ids;
}

function timeOf(text: string): number {
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return time;
  throw new UsageError(`"${text}" is not a time.`, 'Name one such as 2026-03-01 or 2026-03-01T18:00:00Z.');
}
