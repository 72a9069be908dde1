export { AddressGuard } from './address.guard.js';
export type { Resolve } from './guarded.agent.js';
export { GuardedFetcher, type FetcherOptions, type FetchLimits } from './guarded.fetcher.js';
