import { modelContractId } from './contract-id.js';
import type { ModelContract, ModelManifest } from './manifest.schema.js';
import { listModels } from './model-files.js';
import { contractFileIds } from './resolve-contract.js';

/** `needs licence`: terms of one of its files are to be accepted; `needs file`: one is not in the cache. */
export type ContractState = 'ready' | 'needs file' | 'needs licence';

export interface ListedContract {
  /** What MODELS_CONTRACT chooses it by. */
  readonly name: string;
  /** What collections are pinned to. */
  readonly id: string;
  readonly contract: ModelContract;
  readonly state: ContractState;
}

/** Every contract of the manifest and whether it can run here; reads no contents. */
export async function listContracts(manifest: ModelManifest, cacheDir: string): Promise<ListedContract[]> {
  const files = new Map((await listModels(manifest, cacheDir)).map((listed) => [listed.file.id, listed]));
  return Object.entries(manifest.contracts).map(([name, contract]) => {
    const needed = contractFileIds(manifest, name).map((id) => files.get(id)!);
    const state = !needed.every(({ licensed }) => licensed)
      ? 'needs licence'
      : needed.every(({ cached }) => cached)
        ? 'ready'
        : 'needs file';
    return { name, id: modelContractId(contract, manifest), contract, state };
  });
}
