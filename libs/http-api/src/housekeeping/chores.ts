import type { OutboxSweeper, RetentionSweeper } from '@facelane/gallery';
import type { CollectionsRegistry } from '@facelane/registry';
import type { ProbeDesk } from '../probe/probe.desk.js';
import type { Chore } from './housekeeping.service.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** No question is open for that long; what is older was left by a process that died. */
const SCRATCH_AGE_MS = HOUR_MS;

export function choresOf(
  desk: ProbeDesk,
  retention: RetentionSweeper,
  outbox: OutboxSweeper,
  collections: Pick<CollectionsRegistry, 'tenants'>,
): Chore[] {
  return [
    {
      name: 'scratch',
      everyMs: 10 * MINUTE_MS,
      run: async () => desk.sweep(await gather(collections.tenants()), SCRATCH_AGE_MS),
    },
    { name: 'outbox', everyMs: MINUTE_MS, run: async () => outbox.sweep(new Date()) },
    { name: 'retention', everyMs: HOUR_MS, run: async () => retention.sweep(new Date()) },
  ];
}

async function gather<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
