import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { loadManifest } from '@facelane/models';
import { writeWhole } from '../../output/write-whole.js';

export interface TrainedModel {
  /** Of the file and of the contract. */
  readonly id: string;
  readonly network: Uint8Array;
  readonly provenance: string;
  /** What its manifest entry says beside the file itself. */
  readonly facts: object;
  readonly contract: object;
}

/**
 * Writes `<id>.onnx` and a `manifest.json` for MODELS_MANIFEST that names it, into the folder, which is made if need be.
 *
 * @throws UsageError when the two do not go with the manifest of the program.
 */
export async function writeTrained(
  folder: string,
  { id, network, provenance, facts, contract }: TrainedModel,
): Promise<{ readonly manifest: string }> {
  const manifest = resolve(folder, 'manifest.json');
  const entry = {
    ...{ id, source: `file:${id}.onnx`, bytes: network.length },
    sha256: createHash('sha256').update(network).digest('hex'),
    licence: { spdx: 'LicenseRef-Own', permissive: true, provenance },
    ...facts,
  };
  const text = JSON.stringify({ version: 1, files: [entry], contracts: { [id]: contract } }, undefined, 2);
  await writeWhole(join(folder, `${id}.onnx`), network);
  await writeWhole(manifest, `${text}\n`);
  // What is written is what the next command reads.
  await loadManifest({ own: manifest });
  return { manifest };
}
