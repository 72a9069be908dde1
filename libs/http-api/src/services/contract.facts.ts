import type { ModelsConfig } from '@facelane/config';
import { contractCosines, findContract, loadManifest, modelContractId } from '@facelane/models';

/** What is known of the models that the workers of this deployment run, without running any. */
export interface ContractFacts {
  readonly id: string;
  /** Cosine by false match rate, keys like `1e-3`. */
  readonly thresholds: Readonly<Record<string, number>>;
}

/** @throws UsageError for an unknown contract. */
export async function contractFacts({ contract: name, manifest: own }: ModelsConfig): Promise<ContractFacts> {
  const manifest = await loadManifest({ own });
  const contract = findContract(manifest, name);
  return { id: modelContractId(contract, manifest), thresholds: contractCosines(contract) };
}

/** For injection: an interface has no token. */
export class Contract implements ContractFacts {
  readonly id: string;
  readonly thresholds: Readonly<Record<string, number>>;

  constructor({ id, thresholds }: ContractFacts) {
    this.id = id;
    this.thresholds = thresholds;
  }
}
