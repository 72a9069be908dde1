import { bestPerPerson, type Likeness } from '@facelane/identity';
import type { PeopleRegistry } from '@facelane/registry';
import type { SearchScope } from './candidate.search.js';
import type { EnsuredIndex } from './ensured.index.js';
import { PersonLookup } from './person.lookup.js';

/** Reference faces looked at for somebody else; when all of them are the person's own, nobody else is more like it. */
const NEAREST_REFERENCES = 50;

/** How much a new face is like the references that are there. */
export class LikenessSearch {
  constructor(
    private readonly index: EnsuredIndex,
    private readonly people: PeopleRegistry,
  ) {}

  /**
   * `ownId`: the person that the face is said to be; absent for a new one. Others are looked up as far down as
   * `otherBar`, below which they do not matter. People are read now: who was merged a moment ago is one person.
   */
  async of(
    vector: Float32Array,
    ownId: string | undefined,
    { tenant, collection, contract }: SearchScope,
    otherBar: number,
  ): Promise<Likeness> {
    const filter = { tenant, collection, kind: 'person' } as const;
    const [all = [], own = []] = await this.index.with(contract, [vector], async (index) => {
      const nearest = await index.search(contract, [vector], filter, NEAREST_REFERENCES);
      if (ownId === undefined) return nearest;
      return [...nearest, ...(await index.search(contract, [vector], { ...filter, personId: ownId }, 1))];
    });
    const people = new PersonLookup(this.people);
    const scores = { own: own.map(({ score }) => score), other: [] as number[] };
    for (const { personId, score } of bestPerPerson(all)) {
      if (score < otherBar) break;
      const found = personId === ownId ? personId : (await people.find({ tenant, collection, id: personId }))?.id;
      if (found !== undefined) scores[found === ownId ? 'own' : 'other'].push(score);
      // Those that follow are less like the face.
      if (scores.other.length > 0) break;
    }
    const [other] = scores.other;
    return {
      ...(scores.own.length > 0 && { own: Math.max(...scores.own) }),
      ...(other !== undefined && { other }),
    };
  }
}
