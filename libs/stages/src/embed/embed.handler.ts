import type { EmbedJob, MatchJob, StageContext } from '@facelane/contracts';
import type { InferenceEngine } from '@facelane/inference';
import { type DerivedStore } from '@facelane/registry';
import { requireContract } from '../require-contract.js';

/** Turns the crops of an asset into unit vectors; batching across jobs happens inside the engine. */
export class EmbedHandler {
  readonly stage = 'embed';

  constructor(
    private readonly derived: DerivedStore,
    private readonly engine: InferenceEngine,
  ) {}

  readonly handle = async (job: EmbedJob, { signal }: StageContext): Promise<MatchJob> => {
    const { seen, ...next } = job;
    const { tenant, contract, photo } = job;
    requireContract(this.engine.contract.id, contract);
    // Still `seen` here means that detect found whole embeddings of the same bytes.
    if (seen) return next;
    const { header, crops } = await this.derived.readCrops(tenant, contract, photo.sha256, signal);
    const vectors = await this.engine.embed(crops, signal);
    const { dimension } = this.engine.contract;
    await this.derived.writeEmbeddings(tenant, { ...header, kind: 'embeddings', dimension }, vectors, signal);
    return next;
  };
}
