export interface Reference {
  readonly $ref?: string;
}

/** A document whose parts refer to each other. */
export interface References {
  /** Follows `$ref` as often as there is one. @throws TypeError when it points nowhere. */
  resolve<T extends Reference>(value: T): T;
}

/** Follows references of the form `#/components/schemas/Asset` (RFC 6901). @throws TypeError when one points nowhere. */
export function resolveIn<T extends Reference>(document: unknown, value: T): T {
  if (value.$ref === undefined) return value;
  const names = value.$ref.replace(/^#\//, '').split('/');
  let found = document;
  for (const name of names) {
    found = (found as Record<string, unknown> | undefined)?.[name.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  if (typeof found !== 'object' || found === null) throw new TypeError(`${value.$ref} points nowhere.`);
  return resolveIn(document, found as T);
}
