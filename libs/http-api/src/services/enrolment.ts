import type {
  CollectionDocument,
  IngestJob,
  PersonDocument,
  QualityProfile,
  ResultDocument,
} from '@facelane/contracts';
import type { AssetsRegistry, IntakeRegistry } from '@facelane/registry';
import { type AssetSubmitter, processBatch, type SharedEvents } from '@facelane/submission';
import type { EnrolledPhotoBody } from '../schemas/person.schema.js';
import type { PhotoInput } from '../schemas/photo.schema.js';
import { enrolmentView } from '../views/asset.view.js';
import type { AssetEntry } from './asset.entry.js';
import type { PhotoIntake } from './photo.intake.js';
import { enrolledUploadId } from './upload.ids.js';

export interface EnrolWish {
  readonly photos: readonly PhotoInput[];
  readonly quality?: QualityProfile | undefined;
}

/** Photos on their way at once, for one request. */
const WINDOW = 20;

/**
 * Enrols photos through the pipeline, as everybody does, and waits: an answer that is cut short loses no photo, since
 * the belt has them.
 */
export class Enrolment {
  constructor(
    private readonly photos: PhotoIntake,
    private readonly intakes: IntakeRegistry,
    private readonly submitter: Pick<AssetSubmitter, 'prepare'>,
    private readonly entry: AssetEntry,
    private readonly assets: AssetsRegistry,
    private readonly events: SharedEvents,
    /** A photo that is not done after this long is told as pending, milliseconds. */
    private readonly timeoutMs: number,
  ) {}

  /** What became of each photo, in their order. */
  async enrol(
    collection: CollectionDocument,
    person: PersonDocument,
    { photos, quality }: EnrolWish,
    signal: AbortSignal,
  ): Promise<EnrolledPhotoBody[]> {
    const { tenant, id, contract } = collection;
    this.photos.requireAllowed(tenant, photos);
    const sources = await Promise.all(
      // Whatever they hold: a worker says what is wrong with one of them, and the others are enrolled.
      photos.map((photo) => this.photos.keepAny(tenant, photo, enrolledUploadId(person, photo), signal)),
    );
    const enrolAs = {
      ...{ personId: person.id, name: person.name, existing: true as const },
      ...(quality !== undefined && { quality }),
    };
    const jobs = this.submitter.prepare(
      { tenant, collection: id, contract, lane: 'interactive' },
      sources.map((source) => ({ source, enrolAs })),
    );
    await Promise.all(jobs.map((job) => this.intakes.write(job)));
    const results = await this.process(jobs, signal);
    return jobs.map(({ assetId }, index) => ({ index, assetId, ...outcomeOf(results.get(assetId)) }));
  }

  private async process(jobs: readonly IngestJob[], signal: AbortSignal): Promise<Map<string, ResultDocument>> {
    const { events: belt, entry, assets } = this;
    const results = new Map<string, ResultDocument>();
    const late = AbortSignal.timeout(this.timeoutMs);
    const isWanted = (job: IngestJob): Promise<boolean> => entry.isWanted(job);
    try {
      await processBatch({ belt, submitter: entry, assets, isWanted }, jobs, {
        ...{ window: WINDOW, quietMs: 1_000, signal: AbortSignal.any([signal, late]) },
        onResult: (result) => results.set(result.assetId, result),
      });
    } catch (error) {
      // Those beyond the window were not submitted yet; nobody waits for them any more, and they were accepted.
      await entry.submit(jobs.filter(({ assetId }) => !results.has(assetId)));
      if (!late.aborted) throw error;
    }
    return results;
  }
}

function outcomeOf(result: ResultDocument | undefined): Omit<EnrolledPhotoBody, 'index' | 'assetId'> {
  if (result === undefined) return { outcome: 'pending' };
  if (result.state === 'failed') {
    const { code, message } = result.failure;
    return { outcome: 'failed', code, message };
  }
  return result.enrolment === undefined ? { outcome: 'pending' } : enrolmentView(result.enrolment);
}
