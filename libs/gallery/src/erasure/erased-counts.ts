import { type ErasedCounts, erasedCountsSchema } from '@facelane/contracts';

type Place = keyof ErasedCounts;

const PLACES = Object.keys(erasedCountsSchema.shape) as Place[];

/** A tally of what was removed from where. */
export class ErasedTally {
  private readonly byPlace = new Map<Place, number>();

  add(counts: Partial<ErasedCounts>): void {
    for (const place of PLACES) this.byPlace.set(place, this.at(place) + (counts[place] ?? 0));
  }

  get isEmpty(): boolean {
    return PLACES.every((place) => this.at(place) === 0);
  }

  get counts(): ErasedCounts {
    return erasedCountsSchema.parse(Object.fromEntries(PLACES.map((place) => [place, this.at(place)])));
  }

  private at(place: Place): number {
    return this.byPlace.get(place) ?? 0;
  }
}
