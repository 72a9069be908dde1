import {
  ERROR_CODES,
  type ErrorCode,
  type FailedResult,
  ingestJobSchema,
  STAGES,
  sourceName,
  toldFactsOf,
  withTimes,
} from '@facelane/contracts';
import type { FailureTeller } from '@facelane/gallery';
import type { AssetsRegistry } from '@facelane/registry';

/** What is needed to file a failure; a job that has not even this can only be found in its queue. */
const filedSchema = ingestJobSchema
  .pick({ tenant: true, collection: true, assetId: true, contract: true, submittedAt: true, bulk: true })
  .loose();

/** What else is told of it. The first stage's job has it itself, those of later ones carry it. */
const told = ingestJobSchema.pick({ externalId: true, tags: true, source: true, quiet: true }).partial();
const toldSchema = told.loose().catch({});
const carriedSchema = STAGES.match.input.pick({ facts: true }).loose().catch({});

export interface FinalFailure {
  readonly stage: string;
  /** The job's data as found; it may not fit its stage. */
  readonly data: unknown;
  readonly attempts: number;
  readonly failure: {
    readonly code: string;
    readonly message: string;
    readonly remedy: string;
    readonly details: Readonly<Record<string, string | number | boolean>>;
  };
}

/**
 * Files the end of an asset that failed as its result document, so that the failure is found in the object store
 * also when Redis, and with it the dead letter, is lost; and tells it.
 */
export class FailureRecorder {
  constructor(
    private readonly assets: AssetsRegistry,
    private readonly teller: Pick<FailureTeller, 'file'>,
  ) {}

  /**
   * Returns whether the failure could be filed. One of comparing again a photo that was done is not: its result stays as it
   * was, with what people said of its faces, and the dead letter tells of the failure.
   */
  async record({ stage, data, attempts, failure }: FinalFailure): Promise<boolean> {
    const job = filedSchema.safeParse(data);
    if (!job.success) return false;
    const { tenant, collection, assetId, contract, submittedAt } = job.data;
    const present = await this.assets.findResult(job.data);
    if (present?.state === 'done' && present.submittedAt === submittedAt) return false;
    // Stages after ingest know the photo by its asset id alone; who reads the result knows it by its own name.
    const asset = await this.assets.findAsset(job.data);
    const source = asset?.source;
    const bulk = job.data.bulk ?? (asset?.submittedAt === submittedAt ? asset.bulk : undefined);
    const message = source === undefined ? failure.message : failure.message.replaceAll(assetId, sourceName(source));
    const now = new Date().toISOString();
    const failed: FailedResult = {
      version: 1,
      state: 'failed',
      tenant,
      collection,
      assetId,
      contract,
      submittedAt,
      failure: { ...failure, message, stage, attempts, code: knownCode(failure.code), details: { ...failure.details } },
      ...(bulk !== undefined && { bulk }),
    };
    const result = withTimes(failed, present, now);
    const { quiet, ...own } = toldSchema.parse(data);
    if (quiet) {
      await this.assets.writeResult(result);
      return true;
    }
    const known = asset?.submittedAt === submittedAt ? toldFactsOf(asset) : {};
    await this.teller.file(result, { ...known, ...toldFactsOf(own), ...carriedSchema.parse(data).facts });
    return true;
  }
}

const knownCode = (code: string): ErrorCode => (code in ERROR_CODES ? (code as ErrorCode) : 'QUEUE.UNEXPECTED');
