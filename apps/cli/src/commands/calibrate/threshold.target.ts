import { LeaseExclusion, openObjectStore } from '@facelane/boot';
import { UsageError } from '@facelane/contracts';
import type { CalibrationReport } from '@facelane/evaluation';
import { CollectionsRegistry, DocumentStore } from '@facelane/registry';
import type { CliContext } from '../../cli.context.js';
import { patchOf } from '../../output/evaluation/calibration.text.js';
import { remoteApi } from '../../remote/remote.api.js';
import { LOCAL_TENANT } from '../command.js';
import { withBelts } from '../status.command.js';

/** The collection whose thresholds are to be set. */
export interface ThresholdTarget {
  readonly collection: string;
  /** @throws UsageError when its vectors are not made as those that were measured. */
  readonly requireContract: (measured: string) => void;
  readonly apply: (report: CalibrationReport) => Promise<void>;
}

/**
 * A collection of the running API that the environment names, or else of this machine.
 *
 * @throws UsageError, or FacelaneProblem of the API, when there is none.
 */
export async function openThresholdTarget(context: CliContext, collection: string): Promise<ThresholdTarget> {
  const api = remoteApi(context);
  if (api !== undefined) {
    const { contract } = await api.collections.get(collection, { signal: context.signal });
    return {
      collection,
      requireContract: sameContract(collection, contract),
      apply: async (report) => {
        await api.collections.update(collection, patchOf(report));
      },
    };
  }
  return localTarget(context, collection);
}

async function localTarget(context: CliContext, collection: string): Promise<ThresholdTarget> {
  const present = await withCollections(context, (collections) => collections.find(LOCAL_TENANT, collection));
  if (present === undefined) throw missing(collection);
  return {
    collection,
    requireContract: sameContract(collection, present.contract),
    apply: async (report) => {
      const { match, review } = patchOf(report).thresholds;
      // The rates were measured here, on the very photos; the API takes a cosine alone.
      const thresholds = {
        match: { ...match, fmr: report.match.limit },
        review: { ...review, fmr: report.review.limit },
      };
      const changed = await withCollections(context, (collections) =>
        collections.update(LOCAL_TENANT, collection, { thresholds }),
      );
      if (changed === undefined) throw missing(collection);
    },
  };
}

function withCollections<T>(context: CliContext, work: (collections: CollectionsRegistry) => Promise<T>): Promise<T> {
  return withBelts(context, async ({ pipeline: { lease } }) => {
    const store = openObjectStore(context.config);
    try {
      return await work(new CollectionsRegistry(new DocumentStore(store, new LeaseExclusion(lease))));
    } finally {
      await store.close();
    }
  });
}

const missing = (collection: string): UsageError =>
  new UsageError(
    `There is no collection ${collection} on this machine.`,
    'Enrol people into it first (facelane enroll), or set FACELANE_URL and FACELANE_KEY to reach a deployment.',
  );

const sameContract = (collection: string, contract: string) => (measured: string) => {
  if (contract === measured) return;
  throw new UsageError(
    `Collection ${collection} holds vectors of ${contract}, and here ${measured} is measured: a threshold of one says nothing of the other.`,
    'Set MODELS_CONTRACT to the contract of the collection.',
  );
};
