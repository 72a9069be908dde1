import { createHash } from 'node:crypto';
import { contractIdSchema } from '@facelane/contracts';
import { findFile } from './manifest.loader.js';
import type { ModelContract, ModelFile, ModelManifest } from './manifest.schema.js';

const DIGEST_CHARACTERS = 8;

/**
 * Id of everything that changes a vector: the bytes of the networks, how each is fed and read, the settings and
 * the alignment. Two vectors compare only when their ids are equal. Names, sources, licences and thresholds may change
 * without making vectors incomparable, so they stay out of the digest.
 */
export function modelContractId(contract: ModelContract, manifest: ModelManifest): string {
  const facts = {
    alignment: contract.alignment,
    settings: contract.settings,
    detector: detectorFacts(findFile(manifest, contract.detector), manifest),
    ...(contract.landmarks !== undefined && { landmarks: networkFacts(findFile(manifest, contract.landmarks)) }),
    embedder: networkFacts(findFile(manifest, contract.embedder)),
    ...(contract.second !== undefined && {
      second: { ...networkFacts(findFile(manifest, contract.second.embedder)), weight: contract.second.weight },
    }),
  };
  const digest = createHash('sha256').update(canonicalJson(facts)).digest('hex').slice(0, DIGEST_CHARACTERS);
  return contractIdSchema.parse(`${contract.name}-${digest}`);
}

function detectorFacts(file: ModelFile, manifest: ModelManifest): Record<string, unknown> {
  const stages = file.kind === 'detector' ? file.stages : undefined;
  const facts = networkFacts(file);
  return stages === undefined ? facts : { ...facts, stages: stages.map((id) => networkFacts(findFile(manifest, id))) };
}

function networkFacts(file: ModelFile): Record<string, unknown> {
  if (file.kind === 'samples' || file.kind === 'comparer') throw new TypeError(`"${file.id}" makes no vectors.`);
  const { sha256, input, outputs } = file;
  return { sha256, input, outputs, read: howRead(file) };
}

function howRead(file: Exclude<ModelFile, { kind: 'samples' | 'comparer' }>): number | string | undefined {
  switch (file.kind) {
    case 'embedder':
      return file.dimension;
    case 'detector':
    case 'landmarks':
      return file.decoder;
    case 'stage':
      return undefined;
  }
}

/** JSON with object keys in code point order, so that the order in the manifest does not matter. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    isRecord(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
