import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { EnvironmentError } from '@facelane/contracts';
import type { ModelFile } from '../manifest.schema.js';
import type { Recipe } from './recipe.js';

/**
 * Makes a file of its ingredients (`paths` by source, their digests checked) and writes it when it has the digest that
 * the manifest states.
 *
 * @throws EnvironmentError when it has another, or when the ingredients are not what the recipe knows.
 */
export async function buildFile(
  recipe: Recipe,
  file: ModelFile,
  paths: ReadonlyMap<string, string>,
  target: string,
): Promise<void> {
  const files: Record<string, Uint8Array> = {};
  for (const [name, { source }] of Object.entries(file.from ?? {})) files[name] = await readFile(paths.get(source)!);
  const bytes = run(recipe, file, files);
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== file.sha256) {
    throw new EnvironmentError(
      `${file.id} was built (${file.source}) and refused: its SHA-256 is ${found}, the manifest states ${file.sha256}.`,
      'This program builds it in another way than the one the manifest was written with: use the manifest that came ' +
        'with the program, or measure what is built now and correct the manifest.',
    );
  }
  await writeFile(target, bytes);
}

function run(recipe: Recipe, file: ModelFile, files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  try {
    return recipe.build(files);
  } catch (cause) {
    throw new EnvironmentError(
      `${file.id} cannot be built (${file.source}): ${cause instanceof Error ? cause.message : String(cause)}`,
      'Give it in the manifest the files that the recipe was written for.',
      { cause },
    );
  }
}
