import type { PersonDocument, ResultFace } from '@facelane/contracts';
import type { PersonKey } from '@facelane/registry';
import type { FaceDecider, FaceKey } from './face.decider.js';
import type { PersonMerger } from './person.merger.js';
import type { PersonRemover } from './person.remover.js';

/** Everything that somebody may change of people who are known, in one place to ask. */
export class PeopleEditor {
  constructor(
    private readonly merger: PersonMerger,
    private readonly remover: PersonRemover,
    private readonly faces: FaceDecider,
  ) {}

  /** See PersonMerger. */
  async merge(into: PersonKey, from: PersonKey): Promise<PersonDocument | undefined> {
    return this.merger.merge(into, from);
  }

  /** See PersonMerger. */
  async unmerge(into: PersonKey, from: PersonKey): Promise<PersonDocument | undefined> {
    return this.merger.unmerge(into, from);
  }

  /** See PersonRemover. */
  async remove(person: PersonKey): Promise<boolean> {
    return this.remover.remove(person);
  }

  /** See PersonRemover. */
  async removeReference(person: PersonKey, pointId: string): Promise<PersonDocument | undefined> {
    return this.remover.removeReference(person, pointId);
  }

  /** See FaceDecider. */
  async assign(face: FaceKey, personId: string): Promise<ResultFace | undefined> {
    return this.faces.assign(face, personId);
  }

  /** See FaceDecider. */
  async reject(face: FaceKey, personId: string): Promise<ResultFace | undefined> {
    return this.faces.reject(face, personId);
  }
}
