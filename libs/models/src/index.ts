export { canonicalJson, modelContractId } from './contract-id.js';
export { listContracts, type ContractState, type ListedContract } from './list-contracts.js';
export { defaultModelsDirectory, findContract, findFile, loadManifest } from './manifest.loader.js';
export {
  modelManifestSchema,
  type ModelContract,
  type ModelFile,
  type ModelManifest,
  type ModelSettings,
  type NetworkFile,
} from './manifest.schema.js';
export {
  checkModelFile,
  listModels,
  resolveModelFile,
  verifyModels,
  type ListedModelFile,
  type ModelFileState,
} from './model-files.js';
export { contractCosines, type Metric, vectorDimension } from './metric.js';
export { pullModels, type PullOptions, type PullPhase, type PullProgress } from './pull-models.js';
export {
  contractFileIds,
  resolveComparer,
  resolveContract,
  type ResolvedComparer,
  type ResolvedContract,
  type ResolvedDetector,
  type ResolvedNetwork,
} from './resolve-contract.js';
