import { modelContractId } from './contract-id.js';
import { findContract, findFile } from './manifest.loader.js';
import type { ModelFile, ModelManifest, ModelSettings, NetworkFile } from './manifest.schema.js';
import { contractCosines, type Metric } from './metric.js';
import { resolveModelFile } from './model-files.js';

type Role = 'detector' | 'stage' | 'landmarks' | 'embedder' | 'comparer';

/** A network of the manifest and where its checked bytes lie. Plain data: it travels to worker threads. */
export type ResolvedNetwork<Kind extends Role> = NetworkFile<Kind> & { readonly path: string };

/** A detector with the networks that go on with what it finds, in their order. */
export type ResolvedDetector = Omit<ResolvedNetwork<'detector'>, 'stages'> & {
  readonly stages?: readonly ResolvedNetwork<'stage'>[];
};

/** Everything that inference needs to know of a model contract. */
export interface ResolvedContract {
  readonly id: string;
  readonly settings: ModelSettings;
  readonly detector: ResolvedDetector;
  /** Absent: the detector's own five points are used. */
  readonly landmarks?: ResolvedNetwork<'landmarks'>;
  readonly embedder: ResolvedNetwork<'embedder'>;
  /** Absent: one embedder. `weight`: how often its cosine counts beside the other's. */
  readonly second?: { readonly embedder: ResolvedNetwork<'embedder'>; readonly weight: number };
  /** Absent: cosine. */
  readonly metric?: Metric;
  /** Cosine by false match rate, keys like `1e-3`, whatever the metric. */
  readonly thresholds: Readonly<Record<string, number>>;
}

/** Ids of the files that a contract needs. @throws UsageError for an unknown one. */
export function contractFileIds(manifest: ModelManifest, name?: string): string[] {
  const { detector, landmarks, embedder, second, comparer } = findContract(manifest, name);
  const more = [landmarks, embedder, second?.embedder, comparer].filter((id) => id !== undefined);
  return [detector, ...stagesOf(manifest, detector), ...more];
}

/**
 * Finds a contract's files in the cache and checks their digests.
 *
 * @throws StageError INFERENCE.MODEL_MISSING or INFERENCE.MODEL_CORRUPT; UsageError for an unknown contract.
 */
export async function resolveContract(
  manifest: ModelManifest,
  cacheDir: string,
  name = 'default',
): Promise<ResolvedContract> {
  const contract = findContract(manifest, name);
  const path = (id: string): Promise<string> => resolveModelFile(manifest, id, cacheDir);
  const { stages, ...detector } = network(manifest, contract.detector, 'detector');
  const stage = async (id: string): Promise<ResolvedNetwork<'stage'>> => ({
    ...network(manifest, id, 'stage'),
    path: await path(id),
  });
  const embedder = async (id: string): Promise<ResolvedNetwork<'embedder'>> => ({
    ...network(manifest, id, 'embedder'),
    path: await path(id),
  });
  return {
    id: modelContractId(contract, manifest),
    settings: contract.settings,
    detector: {
      ...detector,
      path: await path(contract.detector),
      ...(stages && { stages: await Promise.all(stages.map(stage)) }),
    },
    ...(contract.landmarks !== undefined && {
      landmarks: { ...network(manifest, contract.landmarks, 'landmarks'), path: await path(contract.landmarks) },
    }),
    embedder: await embedder(contract.embedder),
    ...(contract.second !== undefined && {
      second: { embedder: await embedder(contract.second.embedder), weight: contract.second.weight },
    }),
    ...(contract.metric !== undefined && { metric: contract.metric }),
    thresholds: contractCosines(contract),
  };
}

/** What compares vectors of a contract, without the networks that make them. */
export interface ResolvedComparer {
  /** Id of the contract. */
  readonly contract: string;
  readonly comparer: ResolvedNetwork<'comparer'>;
}

/**
 * Finds the comparer of a contract in the cache and checks its digest; the contract's other files need not be there.
 * Undefined when the contract has none.
 *
 * @throws StageError INFERENCE.MODEL_MISSING or INFERENCE.MODEL_CORRUPT; UsageError for an unknown contract.
 */
export async function resolveComparer(
  manifest: ModelManifest,
  cacheDir: string,
  name = 'default',
): Promise<ResolvedComparer | undefined> {
  const contract = findContract(manifest, name);
  const id = contract.comparer;
  if (id === undefined) return undefined;
  const path = await resolveModelFile(manifest, id, cacheDir);
  return {
    contract: modelContractId(contract, manifest),
    comparer: { ...network(manifest, id, 'comparer'), path },
  };
}

function stagesOf(manifest: ModelManifest, detector: string): readonly string[] {
  const file = findFile(manifest, detector);
  return file.kind === 'detector' ? (file.stages ?? []) : [];
}

function network<Kind extends Role>(manifest: ModelManifest, id: string, kind: Kind): NetworkFile<Kind> {
  const file = findFile(manifest, id);
  if (!isKind(file, kind)) throw new TypeError(`"${id}" is not a ${kind}.`);
  return file;
}

const isKind = <Kind extends ModelFile['kind']>(file: ModelFile, kind: Kind): file is NetworkFile<Kind> =>
  file.kind === kind;
