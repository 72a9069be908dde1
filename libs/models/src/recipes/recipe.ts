/** Makes a model file of other files. The same files give the same bytes, everywhere: the digest of what is made is pinned. */
export interface Recipe {
  /** Names under which a manifest entry lists the files, in its `from`. */
  readonly ingredients: readonly string[];
  /** @throws RangeError when the files are not what the recipe knows. */
  readonly build: (files: Readonly<Record<string, Uint8Array>>) => Uint8Array;
}
