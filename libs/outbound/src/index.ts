export { AddressGuard } from './address.guard.js';
export { ForbiddenTargetError } from './forbidden-target.error.js';
export type { Resolve } from './guarded.agent.js';
export { GuardedFetcher, type FetcherOptions, type FetchLimits } from './guarded.fetcher.js';
export { GuardedPoster, type Posted, type PosterOptions, type Posting } from './guarded.poster.js';
export { TargetCheck, type TargetCheckOptions } from './target.check.js';
