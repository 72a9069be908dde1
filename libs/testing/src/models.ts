import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeImage, resizeExact } from '@facelane/imaging';
import { type DetectionInput, fitDetector } from '@facelane/inference';
import {
  contractFileIds,
  defaultModelsDirectory,
  loadManifest,
  pullModels,
  resolveContract,
  resolveModelFile,
  type ModelManifest,
  type ResolvedContract,
} from '@facelane/models';

export interface TestModels {
  readonly manifest: ModelManifest;
  readonly cacheDir: string;
  readonly contract: ResolvedContract;
}

/**
 * The models of a contract and the sample photos, fetched into models/.cache through the product's own code when they are
 * not there yet. Test files in several processes may call it at once.
 */
export async function requireModels(name = 'default'): Promise<TestModels> {
  const manifest = await loadManifest();
  const cacheDir = join(defaultModelsDirectory(), '.cache');
  const samples = manifest.files.filter(({ kind }) => kind === 'samples').map(({ id }) => id);
  await pullModels(manifest, [...contractFileIds(manifest, name), ...samples], { cacheDir });
  return { manifest, cacheDir, contract: await resolveContract(manifest, cacheDir, name) };
}

/** Bytes of sample photo `number`, 1 to 6. */
export async function samplePhoto({ manifest, cacheDir }: TestModels, number: number): Promise<Uint8Array> {
  return readFile(await resolveModelFile(manifest, `sample-${number}`, cacheDir));
}

/** A photo as the detect stage would prepare it. Each call makes new pixels, since detection takes them over. */
export async function detectionInput({ contract }: TestModels, photo: Uint8Array): Promise<DetectionInput> {
  const { image } = await decodeImage(photo);
  const { width, height } = fitDetector(contract.detector, image).content;
  return { image, detectorInput: await resizeExact(image, width, height) };
}
