/** The object without the named members; the type of a member that was optional says so. */
export function omit<T extends object, K extends keyof T>(object: T, ...names: readonly K[]): Omit<T, K> {
  const left = { ...object };
  for (const name of names) Reflect.deleteProperty(left, name);
  return left;
}
