import type { DoneResult, EventType, Intent, Reference } from '@facelane/contracts';
import type { AssetsRegistry, IntakeRegistry } from '@facelane/registry';
import { z } from 'zod';
import { isAbout } from '../people/result.faces.js';

interface Scope {
  readonly tenant: string;
  readonly collection: string;
}

/** A photo that was handed in as one of the person. */
export interface EnrolmentPhoto {
  readonly assetId: string;
  /** Absent until it was ingested. */
  readonly sha256?: string;
}

/**
 * Finds what names a person. The index knows the faces that were decided for him and nothing of those where he was one
 * candidate among others, so whole collections are read: an erasure is rare, and being complete is what it is for.
 * Documents are read several at a time, and nothing is kept but ids.
 */
export class TraceFinder {
  constructor(
    private readonly assets: AssetsRegistry,
    private readonly intake: IntakeRegistry,
  ) {}

  /** Every photo that was handed in for one of the people: taken, refused, failed, or still on its way. */
  async enrolments(
    { tenant, collection }: Scope,
    people: ReadonlySet<string>,
    references: readonly Reference[],
  ): Promise<EnrolmentPhoto[]> {
    const found = new Map<string, EnrolmentPhoto>();
    for (const { assetId, sha256 } of references) found.set(assetId, { assetId, sha256 });
    for await (const job of this.intake.list(tenant)) {
      if (job.collection === collection && isFor(job.intent, people) && !found.has(job.assetId)) {
        found.set(job.assetId, { assetId: job.assetId });
      }
    }
    for await (const { id, intent, photo } of this.assets.list(tenant, collection)) {
      if (isFor(intent, people)) found.set(id, { assetId: id, sha256: photo.sha256 });
    }
    for await (const result of this.assets.results(tenant, collection)) {
      if (result.state === 'done' && people.has(result.enrolment?.personId ?? '')) {
        found.set(result.assetId, { assetId: result.assetId, sha256: result.photo.sha256 });
      }
    }
    return [...found.values()];
  }

  /** Results in which a face names one of the people, in whatever place. */
  async *results({ tenant, collection }: Scope, people: ReadonlySet<string>): AsyncGenerator<DoneResult> {
    for await (const result of this.assets.results(tenant, collection)) {
      if (result.state === 'done' && isAbout(result, people)) yield result;
    }
  }
}

const isFor = (intent: Intent, people: ReadonlySet<string>): boolean =>
  intent.kind === 'enrol' && people.has(intent.personId);

/** A job that carries an event with it, body and all. */
const carriedEvent = z.looseObject({ type: z.string(), body: z.string() });

/** Whether a job's data names one of the people, apart from one that tells that he was erased. */
export function isJobAbout(data: unknown, people: ReadonlySet<string>): boolean {
  const { data: carried } = carriedEvent.safeParse(data);
  if (carried === undefined) return mentions(data, people);
  const erased: EventType = 'person.erased';
  // As in the log of events: by what is in the body.
  return carried.type !== erased && [...people].some((id) => carried.body.includes(id));
}

/** Whether any text in it is one of the ids. */
function mentions(data: unknown, ids: ReadonlySet<string>): boolean {
  if (typeof data === 'string') return ids.has(data);
  if (typeof data !== 'object' || data === null) return false;
  return Object.values(data).some((value) => mentions(value, ids));
}
