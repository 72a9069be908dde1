import type { BulkJobDocument, PIPELINE } from '@facelane/contracts';
import type { PipelineBelt } from '@facelane/queue';
import type { AssetsRegistry } from '@facelane/registry';
import type { AssetSubmitter, SharedEvents } from '@facelane/submission';
import type { BulkJobsRegistry } from '../registry/bulk-jobs.registry.js';
import type { SourceItem } from '../source/source.item.js';
import type { AccountDependencies } from './job.account.js';

/** Reads the items of a job, from the beginning or from the cursor of an item on. */
export type OpenSource = (job: BulkJobDocument, cursor?: string) => AsyncIterable<SourceItem>;

/** What feeding a job needs. */
export interface JobDependencies extends AccountDependencies {
  readonly assets: Pick<AssetsRegistry, 'findAsset' | 'findResult'>;
  readonly submitter: Pick<AssetSubmitter, 'carries' | 'prepare' | 'submit'>;
  readonly belt: Pick<PipelineBelt<typeof PIPELINE>, 'queues' | 'withdrawals'>;
  readonly events: Pick<SharedEvents, 'listen'>;
  readonly openSource: OpenSource;
}

/** What the feeder needs besides. */
export interface FeederDependencies extends JobDependencies {
  readonly jobs: BulkJobsRegistry;
  readonly belt: Pick<PipelineBelt<typeof PIPELINE>, 'queues' | 'withdrawals' | 'lease'>;
}

export interface JobTuning {
  /** Without news of a job's items for this long they are looked at, milliseconds. Default 3 000. */
  readonly quietMs?: number;
  /** Items that have ended are accounted for after this long also when they fill no segment. Default 10 000. */
  readonly settleMs?: number;
}
