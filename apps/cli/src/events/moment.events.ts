import { endEventOf } from '@facelane/bulk';
import {
  eventOfEnrolment,
  eventsOfLastChange,
  eventsOfResult,
  type FacelaneEvent,
  firstOf,
  type ResultDocument,
} from '@facelane/contracts';
import type { AssetKey, PersonKey } from '@facelane/registry';
import type { Moment } from './newest.moments.js';
import type { Books } from './told.moments.js';

/** Makes the events of a moment, with the ids that they had, of what the documents say now. */
export class MomentEvents {
  /** Whether the items of a bulk job are told of one by one. */
  private readonly told = new Map<string, Promise<boolean>>();

  /** @param since - milliseconds since 1970: changes before are not told */
  constructor(
    private readonly books: Books,
    private readonly since: number,
  ) {}

  /** None of what was erased or deleted meanwhile. */
  async of(moment: Moment): Promise<readonly FacelaneEvent[]> {
    switch (moment.kind) {
      case 'end':
        return this.ofEnd(moment.of);
      case 'change':
        return this.ofChange(moment.of);
      case 'enrolment':
        return this.ofEnrolment(moment.of, moment.pointId);
      case 'job':
        return this.ofJob(moment.of);
    }
  }

  private async ofEnd(key: AssetKey): Promise<readonly FacelaneEvent[]> {
    const { assets } = this.books;
    const [result, asset] = await Promise.all([assets.findResult(key), assets.findAsset(key)]);
    const isTold = result !== undefined && (await this.isTold(key.tenant, bulkOf(result) ?? asset?.bulk?.job));
    if (!isTold) return [];
    return eventsOfResult(result.state === 'done' ? firstOf(result) : result, asset);
  }

  private async ofChange(key: AssetKey): Promise<readonly FacelaneEvent[]> {
    const { assets } = this.books;
    const [result, asset] = await Promise.all([assets.findResult(key), assets.findAsset(key)]);
    return eventsOfLastChange(result, { since: new Date(this.since).toISOString(), externalId: asset?.externalId });
  }

  private async ofEnrolment(key: PersonKey, pointId: string): Promise<readonly FacelaneEvent[]> {
    const person = await this.books.people.find(key);
    const reference = person?.references.find((each) => each.pointId === pointId);
    return person === undefined || reference === undefined ? [] : [eventOfEnrolment(person, reference)];
  }

  private async ofJob(key: { readonly tenant: string; readonly id: string }): Promise<readonly FacelaneEvent[]> {
    const { jobs } = this.books;
    const [job, progress] = await Promise.all([jobs.find(key), jobs.findProgress(key)]);
    const event = job && progress && endEventOf(job, progress);
    return event === undefined ? [] : [event];
  }

  /** An item of a bulk job ends without events of its own, unless the job was asked for with that. */
  private async isTold(tenant: string, job: string | undefined): Promise<boolean> {
    if (job === undefined) return true;
    const told =
      this.told.get(job) ?? this.books.jobs.find({ tenant, id: job }).then((found) => found?.options.notify === 'each');
    this.told.set(job, told);
    return told;
  }
}

const bulkOf = (result: ResultDocument): string | undefined =>
  result.state === 'failed' ? result.bulk?.job : undefined;
