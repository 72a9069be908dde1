import {
  type AssetDocument,
  assetIdOf,
  type BulkItem,
  type IngestJob,
  type Intent,
  type Lane,
  PIPELINE,
  personIdOf,
  type Source,
  sourceText,
} from '@facelane/contracts';
import type { StageQueues } from '@facelane/queue';

/** Jobs added in one round trip. */
const CHUNK = 500;

export interface Submission {
  readonly tenant: string;
  readonly collection: string;
  readonly contract: string;
  readonly lane: Lane;
}

/** A person who exists already, and how good a photo of him must be. */
export type EnrolTarget = Omit<Extract<Intent, { kind: 'enrol' }>, 'kind'>;

export interface SubmittedPhoto {
  readonly source: Source;
  /** Set: the photo is a reference of the person of this name, who is made with the first one, or of that person. */
  readonly enrolAs?: string | EnrolTarget;
  /** The caller's own name for the photo. */
  readonly externalId?: string;
  readonly tags?: readonly string[];
  /** The line of a bulk job that named it. */
  readonly bulk?: BulkItem;
  /** Its end is not told, because that of the bulk job is. */
  readonly quiet?: true;
}

/** Puts photos on the belt. The same photo again is the same asset, so submitting twice does the work once. */
export class AssetSubmitter {
  constructor(private readonly queues: StageQueues<typeof PIPELINE>) {}

  /** The jobs that `submit` will add, so that their assets can be watched before the first of them runs. */
  prepare(
    submission: Submission,
    photos: readonly SubmittedPhoto[],
    submittedAt: string = new Date().toISOString(),
  ): IngestJob[] {
    return photos.map((photo) => jobOf(submission, photo, submittedAt));
  }

  /** The job of an asset that was submitted before, to be done again. It goes behind interactive work. */
  prepareAgain({
    tenant,
    collection,
    id,
    contract,
    source,
    intent,
    submittedAt,
    externalId,
    tags,
    bulk,
    quiet,
  }: AssetDocument): IngestJob {
    return {
      tenant,
      collection,
      assetId: id,
      contract,
      lane: 'bulk',
      intent,
      source,
      submittedAt,
      ...(externalId !== undefined && { externalId }),
      ...(tags !== undefined && { tags }),
      ...(bulk !== undefined && { bulk }),
      ...(quiet && { quiet }),
    };
  }

  /** Whether any stage still has work for the asset. */
  async carries(assetId: string): Promise<boolean> {
    return this.queues.carries(assetId);
  }

  async submit(jobs: readonly IngestJob[]): Promise<void> {
    for (let start = 0; start < jobs.length; start += CHUNK) {
      await this.queues.add('ingest', jobs.slice(start, start + CHUNK));
    }
  }
}

function jobOf(submission: Submission, photo: SubmittedPhoto, submittedAt: string): IngestJob {
  const { tenant, collection } = submission;
  const { source, enrolAs, externalId, tags, bulk, quiet } = photo;
  const intent = intentOf(submission, enrolAs);
  // A photo that is both a reference and to be tagged is two assets: each has its own result.
  const purpose = intent.kind === 'enrol' ? `enrol:${intent.personId}:` : '';
  return {
    ...submission,
    assetId: assetIdOf(tenant, collection, purpose + sourceText(source)),
    intent,
    source,
    submittedAt,
    ...(externalId !== undefined && { externalId }),
    ...(tags !== undefined && { tags: [...tags] }),
    ...(bulk !== undefined && { bulk }),
    ...(quiet && { quiet }),
  };
}

function intentOf({ tenant, collection }: Submission, enrolAs: SubmittedPhoto['enrolAs']): Intent {
  switch (typeof enrolAs) {
    case 'undefined':
      return { kind: 'identify' };
    case 'string':
      return { kind: 'enrol', personId: personIdOf(tenant, collection, enrolAs), name: enrolAs };
    default:
      return { kind: 'enrol', ...enrolAs };
  }
}
