import type { ResultFace } from '@facelane/contracts';
import type { FacePoint, IndexedPoint, PointFilter, ScoredPoint } from '@facelane/face-index';
import type { EnsuredIndex } from '../ensured.index.js';
import { collect } from '../collect.js';
import { omit } from '../omit.js';

/** Points written in one call. */
const CHUNK = 256;

/** The index for those who change or remove what is in it: where nothing was ever indexed there is nothing to find. */
export class GalleryPoints {
  constructor(private readonly index: EnsuredIndex) {}

  async list(contract: string, filter: PointFilter): Promise<IndexedPoint[]> {
    return (await this.index.ifReady((index) => collect(index.scroll(contract, filter)))) ?? [];
  }

  async listWithVectors(contract: string, filter: PointFilter): Promise<FacePoint[]> {
    const options = { withVectors: true } as const;
    return (await this.index.ifReady((index) => collect(index.scroll(contract, filter, options)))) ?? [];
  }

  async find(contract: string, ids: readonly string[]): Promise<IndexedPoint[]> {
    if (ids.length === 0) return [];
    return (await this.index.ifReady((index) => index.find(contract, ids))) ?? [];
  }

  /** One list per query, best first, as the index gives them. */
  async search(
    contract: string,
    queries: readonly Float32Array[],
    filter: PointFilter,
    limit: number,
  ): Promise<ScoredPoint[][]> {
    const found = await this.index.ifReady((index) => index.search(contract, queries, filter, limit));
    return found ?? queries.map(() => []);
  }

  async write(contract: string, points: readonly FacePoint[]): Promise<void> {
    for (let start = 0; start < points.length; start += CHUNK) {
      const chunk = points.slice(start, start + CHUNK);
      const vectors = chunk.map(({ vector }) => vector);
      await this.index.with(contract, vectors, (index) => index.upsert(contract, chunk));
    }
  }

  /** Resolves to how many there were. */
  async remove(contract: string, filter: PointFilter): Promise<number> {
    const removed = await this.index.ifReady(async (index) => {
      const count = await index.count(contract, filter);
      if (count > 0) await index.deleteWhere(contract, filter);
      return count;
    });
    return removed ?? 0;
  }

  /** Resolves to how many there were. */
  async removeByIds(contract: string, ids: readonly string[]): Promise<number> {
    const known = await this.find(contract, ids);
    const left = known.map(({ id }) => id);
    if (left.length > 0) await this.index.ifReady((index) => index.deleteByIds(contract, left));
    return left.length;
  }

  /** What was removed is in no file of the index any more. */
  async purge(): Promise<void> {
    await this.index.ifReady((index) => index.purge());
  }

  /** Has the points of the given faces of an asset say what the faces say. Faces without a point get none. */
  async redecide(
    contract: string,
    { tenant, collection, assetId }: { readonly tenant: string; readonly collection: string; readonly assetId: string },
    faces: readonly ResultFace[],
  ): Promise<void> {
    const byId = new Map(faces.map((face) => [face.pointId, face]));
    const points = await this.listWithVectors(contract, { tenant, collection, kind: 'face', assetId });
    const changed = points.flatMap((point) => {
      const face = byId.get(point.id);
      if (face === undefined || (face.decision === point.decision && face.personId === point.personId)) return [];
      return [decidedPoint(point, face)];
    });
    await this.write(contract, changed);
  }
}

/** As the match stage writes it: with the score of the person it was given to, where he was compared at all. */
function decidedPoint(point: FacePoint, { decision, personId, candidates }: ResultFace): FacePoint {
  const score = candidates.find((candidate) => candidate.personId === personId)?.score;
  return {
    ...omit(point, 'personId', 'score'),
    decision,
    ...(personId !== undefined && { personId }),
    ...(personId !== undefined && score !== undefined && { score }),
  };
}
