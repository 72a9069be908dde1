import {
  type DoneResult,
  type MatchJob,
  type Photo,
  type ResultDocument,
  StageError,
  takingPlaceOf,
} from '@facelane/contracts';
import type { Assignments } from '@facelane/gallery';
import type { AssetsRegistry } from '@facelane/registry';

/** Each lost race is somebody who says whose a face is while the photo is compared; nobody does so all the time. */
const MAX_RACES = 20;

/** What somebody said of the faces; nothing when the asset's photo is another one by now. */
export function assignmentsOf(previous: DoneResult | undefined, { sha256 }: Photo): Assignments {
  const faces = previous?.photo.sha256 === sha256 ? previous.faces : [];
  return new Map(faces.flatMap(({ pointId, assignment }) => (assignment === undefined ? [] : [[pointId, assignment]])));
}

/**
 * Makes a result from the one that is there and puts it in its place. When somebody changes that one meanwhile, it is
 * made again, so that nothing that was said of a face is lost. One that is taken away meanwhile stays away: then the
 * asset is being removed. Resolves to what was written.
 * @throws StageError STORE.UNAVAILABLE when it is changed each time.
 */
export async function replaceResult(
  assets: AssetsRegistry,
  key: Pick<MatchJob, 'tenant' | 'collection' | 'assetId'>,
  make: (previous: DoneResult | undefined) => Promise<DoneResult>,
): Promise<DoneResult> {
  for (let attempt = 0; attempt < MAX_RACES; attempt += 1) {
    const previous = await assets.findResult(key);
    const next = await make(previous?.state === 'done' ? previous : undefined);
    const made = takingPlaceOf(next, previous, { reason: 'late-binding', now: new Date().toISOString() });
    if (previous === undefined) {
      // Its first result: the asset was known, but its work had not ended.
      await assets.writeResult(made);
      return made;
    }
    // The last answer counts: the change runs again when its write comes too late.
    const race = { lost: false };
    await assets.changeResult(key, (current) => {
      race.lost = !isSame(current, previous);
      return race.lost ? current : made;
    });
    if (!race.lost) return made;
  }
  throw new StageError('STORE.UNAVAILABLE', `The result of asset ${key.assetId} changed ${MAX_RACES} times meanwhile.`);
}

/** Both were read through the same schema, which puts their members in one order. */
const isSame = (a: ResultDocument, b: ResultDocument): boolean => JSON.stringify(a) === JSON.stringify(b);
