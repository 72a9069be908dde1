import { createHash } from 'node:crypto';
import {
  type CollectionDocument,
  type IngestJob,
  type PersonDocument,
  type QualityProfile,
  type ResultDocument,
  uuidV5,
} from '@facelane/contracts';
import type { AssetsRegistry, IntakeRegistry } from '@facelane/registry';
import { type AssetSubmitter, processBatch, type SharedEvents } from '@facelane/submission';
import type { EnrolledPhotoBody } from '../schemas/person.schema.js';
import type { PhotoInput } from '../schemas/photo.schema.js';
import { enrolmentView } from '../views/asset.view.js';
import type { PhotoIntake } from './photo.intake.js';

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
    private readonly submitter: AssetSubmitter,
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
    const sources = await Promise.all(
      photos.map((photo) => this.photos.keep(tenant, photo, uploadIdOf(person, photo), signal)),
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
    const results = new Map<string, ResultDocument>();
    const late = AbortSignal.timeout(this.timeoutMs);
    try {
      await processBatch({ belt: this.events, submitter: this.submitter, assets: this.assets }, jobs, {
        ...{ window: WINDOW, quietMs: 1_000, signal: AbortSignal.any([signal, late]) },
        onResult: (result) => results.set(result.assetId, result),
      });
    } catch (error) {
      if (!late.aborted) throw error;
      // Those beyond the window were not submitted yet.
      await this.submitter.submit(jobs.filter(({ assetId }) => !results.has(assetId)));
    }
    return results;
  }
}

/** The same photo of the same person again is the same upload, and so the same asset: enrolling twice is enrolling once. */
function uploadIdOf({ tenant, id }: PersonDocument, photo: PhotoInput): string {
  if (photo.kind !== 'bytes') return '';
  return uuidV5('enrol', tenant, id, createHash('sha256').update(photo.bytes).digest('hex'));
}

function outcomeOf(result: ResultDocument | undefined): Omit<EnrolledPhotoBody, 'index' | 'assetId'> {
  if (result === undefined) return { outcome: 'pending' };
  if (result.state === 'failed') {
    const { code, message } = result.failure;
    return { outcome: 'failed', code, message };
  }
  return result.enrolment === undefined ? { outcome: 'pending' } : enrolmentView(result.enrolment);
}
