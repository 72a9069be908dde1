import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFile, loadManifest } from '../manifest.loader.js';
import { sha256OfFile } from '../model-cache.js';
import { planFetches } from '../sources/plan.js';
import { partsOf } from './ingredients.js';

/** The files that a built model of the shipped manifest is made of, fetched by the product's own code and checked. */
export async function ingredientsOf(id: string): Promise<Record<string, Uint8Array>> {
  const manifest = await loadManifest();
  const file = findFile(manifest, id);
  const folder = await mkdtemp(join(tmpdir(), 'facelane-ingredients-'));
  try {
    const files: Record<string, Uint8Array> = {};
    for (const { fetcher, files: parts } of planFetches(partsOf(file))) {
      const paths = await fetcher({ files: parts, directory: manifest.directory, folder, onBytes: () => undefined });
      for (const part of parts) {
        const path = paths.get(part.source)!;
        if ((await sha256OfFile(path)) !== part.sha256) throw new Error(`${part.source} has another digest.`);
        files[part.id.slice(id.length + 1)] = await readFile(path);
      }
    }
    return files;
  } finally {
    await rm(folder, { recursive: true });
  }
}
