import type { FaceIndex, IndexedPoint } from '@facelane/face-index';
import { StageError } from '@facelane/contracts';
import type { CollectionsRegistry } from '@facelane/registry';
import { ProblemError } from '../problem/problem.error.js';
import type { Contract } from './contract.facts.js';

/** Finds a face by its id alone: in the index, which knows whose it is and where. */
export class FaceFinder {
  constructor(
    private readonly index: FaceIndex,
    private readonly collections: CollectionsRegistry,
    private readonly contract: Contract,
  ) {}

  /** @throws ProblemError API.FACE_MISSING, also for a face of another tenant. */
  async require(tenant: string, faceId: string): Promise<{ readonly collection: string; readonly face: IndexedPoint }> {
    const face = (await this.findIn(this.contract.id, tenant, faceId)) ?? (await this.findElsewhere(tenant, faceId));
    if (face !== undefined) return { collection: face.collection, face };
    throw new ProblemError('API.FACE_MISSING', `There is no face ${faceId}.`);
  }

  /** Collections may be pinned to contracts that this deployment ran before. */
  private async findElsewhere(tenant: string, faceId: string): Promise<IndexedPoint | undefined> {
    const contracts = new Set<string>();
    for await (const { contract } of this.collections.list(tenant)) contracts.add(contract);
    contracts.delete(this.contract.id);
    for (const contract of contracts) {
      const face = await this.findIn(contract, tenant, faceId);
      if (face !== undefined) return face;
    }
    return undefined;
  }

  private async findIn(contract: string, tenant: string, faceId: string): Promise<IndexedPoint | undefined> {
    try {
      const [point] = await this.index.find(contract, [faceId]);
      return point?.kind === 'face' && point.tenant === tenant ? point : undefined;
    } catch (error) {
      if (error instanceof StageError && error.code === 'INDEX.CONTRACT_MISSING') return undefined;
      throw error;
    }
  }
}
