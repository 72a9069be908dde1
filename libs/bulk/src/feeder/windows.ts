import type { BulkJobDocument } from '@facelane/contracts';

export interface WindowSettings {
  /** Items on the belt at a time for the tenant of the greatest weight. */
  readonly window: number;
  /** Of tenants whose weight is not 1. */
  readonly tenantWeights: Readonly<Record<string, number>>;
}

/**
 * Items that each of the running jobs may have on the belt, by the job's id: its tenant's window, split by weight, 1 at
 * least. Among tenants that have running jobs, the heaviest has the whole window and the others as much less as their
 * weights are less. The belt is first in, first out, so shares of the work follow from these.
 */
export function windowsOf(
  running: readonly BulkJobDocument[],
  { window, tenantWeights }: WindowSettings,
): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const { tenant, options } of running) weights.set(tenant, (weights.get(tenant) ?? 0) + options.weight);
  const weightOf = (tenant: string): number => tenantWeights[tenant] ?? 1;
  const heaviest = Math.max(...[...weights.keys()].map(weightOf));
  return new Map(
    running.map(({ id, tenant, options }) => {
      const ofTenant = (window * weightOf(tenant)) / heaviest;
      return [id, Math.max(1, Math.floor((ofTenant * options.weight) / weights.get(tenant)!))];
    }),
  );
}
