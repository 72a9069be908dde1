import type { DoneResult, ResultDocument } from '@facelane/contracts';
import type { IndexedPoint } from '@facelane/face-index';
import type { AssetKey, AssetsRegistry, DerivedEditor } from '@facelane/registry';
import { isAbout, isOf, withoutHistoryOf, withoutPeople } from '../people/result.faces.js';
import type { GalleryPoints } from '../points/gallery.points.js';

/** The faces of one asset that go, and the people who go from what is said of its other faces. */
export interface MarkedAsset {
  readonly key: AssetKey;
  readonly contract: string;
  /** Absent for an asset that has neither document nor result; then there are only points. */
  readonly sha256?: string;
  /** Places of the faces by the ids of their points. */
  readonly faces: ReadonlyMap<string, number>;
}

export interface StrippedAsset {
  readonly results: number;
  readonly points: number;
  /** Whether a face that is left might be decided otherwise now. */
  readonly isOpen: boolean;
}

/** Takes faces of people out of photos that are not theirs, and leaves the other faces as they are. */
export class FaceEraser {
  constructor(
    private readonly assets: AssetsRegistry,
    private readonly derived: DerivedEditor,
    private readonly points: GalleryPoints,
  ) {}

  /**
   * Which faces of the asset go: those that the result gives to one of the people, and those whose point does, unless
   * somebody said that the face is another one's.
   */
  async mark(
    key: AssetKey,
    contract: string,
    people: ReadonlySet<string>,
    points: readonly IndexedPoint[],
  ): Promise<MarkedAsset> {
    const [asset, result] = await Promise.all([this.assets.findAsset(key), this.assets.findResult(key)]);
    const known = result?.state === 'done' ? result : undefined;
    const stated = new Set(
      (known?.faces ?? []).filter((face) => face.assignment && !isOf(face, people)).map(({ pointId }) => pointId),
    );
    const faces = new Map((known?.faces ?? []).filter((face) => isOf(face, people)).map((f) => [f.pointId, f.index]));
    for (const { id, faceIndex = 0 } of points) if (!stated.has(id)) faces.set(id, faceIndex);
    const sha256 = known?.photo.sha256 ?? asset?.photo.sha256;
    return { key, contract, faces, ...(sha256 !== undefined && { sha256 }) };
  }

  /**
   * Blanks the faces in what models made of the photo. That is filed by content: other assets of the tenant with the
   * same bytes have the faces until they are compared again. Resolves to how many were not blank before.
   */
  async blank({ key, contract, sha256, faces }: MarkedAsset): Promise<number> {
    return sha256 === undefined ? 0 : this.derived.blank(key.tenant, contract, sha256, new Set(faces.values()));
  }

  /** Takes the faces out of result and index, and the people out of what is left. To be called once they are blank. */
  async strip({ key, contract, faces }: MarkedAsset, people: ReadonlySet<string>): Promise<StrippedAsset> {
    // What the last of several attempts saw counts.
    const seen = { isChanged: false, isOpen: false };
    const result = await this.assets.changeResult(key, (current) => {
      const next = current.state === 'done' ? withoutFaces(current, faces, people) : current;
      seen.isChanged = next !== current;
      seen.isOpen = next.state === 'done' && current.state === 'done' && isLeftOpen(current, next, people);
      return next;
    });
    const points = await this.points.removeByIds(contract, [...faces.keys()]);
    await this.points.redecide(contract, key, facesOf(result));
    return { results: seen.isChanged ? 1 : 0, points, isOpen: seen.isOpen };
  }
}

function withoutFaces(result: DoneResult, gone: ReadonlyMap<string, number>, people: ReadonlySet<string>): DoneResult {
  const left = result.faces.filter(({ pointId }) => !gone.has(pointId));
  const erased = result.faces.length - left.length;
  if (erased === 0 && !isAbout(result, people)) return result;
  const places = new Set(gone.values());
  return {
    ...withoutHistoryOf(result, people),
    faces: left.map((face) => {
      const { displacedBy, ...rest } = withoutPeople(face, people);
      return displacedBy === undefined || places.has(displacedBy) ? rest : { ...rest, displacedBy };
    }),
    ...(erased > 0 && { erasedFaces: (result.erasedFaces ?? 0) + erased }),
  };
}

/** The best candidate decides: only where he went somebody else may be it. */
function isLeftOpen(before: DoneResult, after: DoneResult, people: ReadonlySet<string>): boolean {
  const left = new Set(after.faces.map(({ pointId }) => pointId));
  return before.faces.some(
    ({ pointId, candidates: [best], personId }) =>
      left.has(pointId) && (people.has(best?.personId ?? '') || people.has(personId ?? '')),
  );
}

const facesOf = (result: ResultDocument | undefined): DoneResult['faces'] =>
  result?.state === 'done' ? result.faces : [];
