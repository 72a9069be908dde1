import type { WantedFile } from '../sources/fetcher.js';
import { parseSource } from '../sources/source.js';
import type { Recipe } from './recipe.js';
import { RECIPES } from './recipe.table.js';

/** A file of the manifest as far as this concerns it. */
interface MaybeBuilt extends WantedFile {
  readonly from?: Readonly<Record<string, Omit<WantedFile, 'id'>>> | undefined;
}

/** The recipe that makes a file; undefined for one that is fetched as it is. */
export function recipeOf(file: WantedFile): Recipe | undefined {
  const source = parseSource(file.source);
  return source.kind === 'build' ? RECIPES[source.recipe] : undefined;
}

/** What must be fetched for a file: itself, or all it is made of. */
export function partsOf(file: MaybeBuilt): readonly WantedFile[] {
  if (file.from === undefined) return [file];
  return Object.entries(file.from).map(([name, part]) => ({ id: `${file.id}.${name}`, ...part }));
}

/** Why a manifest entry cannot be built or fetched as it stands; undefined when it can. */
export function ingredientsIssue(file: MaybeBuilt): string | undefined {
  const source = parseSource(file.source);
  if (source.kind !== 'build') return file.from && `"${file.id}" is fetched as it is, so it is made of nothing`;
  const recipe = RECIPES[source.recipe];
  if (recipe === undefined) {
    return `there is no recipe "${source.recipe}"; choose one of: ${Object.keys(RECIPES).join(', ')}`;
  }
  const { from = {} } = file;
  if (Object.keys(from).sort().join() !== [...recipe.ingredients].sort().join()) {
    return `the recipe "${source.recipe}" takes: ${recipe.ingredients.join(', ')}`;
  }
  const built = Object.entries(from).find(([, part]) => parseSource(part.source).kind === 'build');
  return built && `the ingredient "${built[0]}" must be a file that is fetched`;
}
