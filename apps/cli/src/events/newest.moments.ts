import type { BulkJobKey } from '@facelane/bulk';
import type { AssetKey, PersonKey } from '@facelane/registry';

/** What is told of a moment: the end of an asset, the last change of its result, a reference of a person, the end of a job. */
export type Told =
  | { readonly kind: 'end' | 'change'; readonly of: AssetKey }
  | { readonly kind: 'enrolment'; readonly of: PersonKey; readonly pointId: string }
  | { readonly kind: 'job'; readonly of: BulkJobKey };

/** In milliseconds since 1970. */
export type Moment = Told & { readonly at: number };

/** Keeps the newest of many moments, and holds twice as many ids at most. */
export class NewestMoments {
  private moments: Moment[] = [];
  private left = 0;

  constructor(private readonly most: number) {}

  add(moment: Moment): void {
    this.moments.push(moment);
    if (this.moments.length >= 2 * this.most) this.drop();
  }

  /** Oldest first, and how many older ones there were. */
  take(): { readonly moments: readonly Moment[]; readonly left: number } {
    this.drop();
    return { moments: this.moments, left: this.left };
  }

  private drop(): void {
    this.moments.sort((a, b) => a.at - b.at || compare(a.kind, b.kind) || compare(nameOf(a), nameOf(b)));
    this.left += Math.max(0, this.moments.length - this.most);
    this.moments = this.moments.slice(-this.most);
  }
}

/** By name an end comes before an enrolment and a job; a change is later than the end that it changes. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function nameOf(told: Told): string {
  switch (told.kind) {
    case 'end':
    case 'change':
      return told.of.assetId;
    case 'enrolment':
      return `${told.of.id} ${told.pointId}`;
    case 'job':
      return told.of.id;
  }
}
