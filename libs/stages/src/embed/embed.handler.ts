import { type EmbedJob, keys, type MatchJob, type StageContext } from '@facelane/contracts';
import type { InferenceEngine } from '@facelane/inference';
import { type DerivedStore } from '@facelane/registry';
import { requireContract } from '../require-contract.js';
import { SingleFlight } from '../single.flight.js';
import { withStrengths } from '../with-strengths.js';

/** What this stage needs of the models. */
export interface Embedder extends Pick<InferenceEngine, 'embedFaces'> {
  readonly contract: Pick<InferenceEngine['contract'], 'id' | 'dimension'>;
}

/** Turns the crops of an asset into unit vectors; batching across jobs happens inside the engine. */
export class EmbedHandler {
  readonly stage = 'embed';
  private readonly embeddings = new SingleFlight<void>();

  constructor(
    private readonly derived: DerivedStore,
    private readonly engine: Embedder,
  ) {}

  readonly handle = async (job: EmbedJob, { signal }: StageContext): Promise<MatchJob> => {
    const { seen, ...next } = job;
    const { tenant, contract, photo } = job;
    requireContract(this.engine.contract.id, contract);
    // Still `seen` here means that detect found whole embeddings of the same bytes.
    if (seen) return next;
    const embeddings = keys.embeddings(tenant, contract, photo.sha256);
    await this.embeddings.run(embeddings, signal, () => this.embed(job, signal));
    return next;
  };

  private async embed(job: EmbedJob, signal: AbortSignal): Promise<void> {
    const { tenant, collection, contract, assetId, photo } = job;
    const { sha256 } = photo;
    const { header, crops } = await this.derived.readCrops(tenant, contract, sha256, signal, { handedTo: assetId });
    // With the crops of another asset's run, that one may be done by now.
    const isLate = header.assetId !== assetId;
    if (isLate && (await this.derived.knownFaces(tenant, contract, sha256, signal)) !== undefined) return;
    const { vectors, strengths } = await this.engine.embedFaces(crops, { lane: job.lane, signal });
    const { dimension } = this.engine.contract;
    // There is nothing in the crop of an erased face; what the model makes of that is nothing either.
    for (const row of header.erased ?? []) vectors.fill(0, row * dimension, (row + 1) * dimension);
    // Named after this asset, not after the one whose crops they are: that one may have failed or be gone by now.
    const faces = [...withStrengths(header.faces, strengths)];
    const mine = { ...header, faces, kind: 'embeddings', dimension, assetId, collection } as const;
    await this.derived.writeEmbeddings(tenant, mine, vectors, signal);
  }
}
