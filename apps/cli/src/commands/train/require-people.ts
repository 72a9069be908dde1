import { UsageError } from '@facelane/contracts';

/** @throws UsageError when there is one person only: what tells people apart cannot be learned from him. */
export function requirePeople(directory: string, people: ReadonlyMap<string, readonly string[]>): void {
  if (people.size >= 2) return;
  throw new UsageError(
    `${directory} has photos of one person only, from whom nothing is learned that tells people apart.`,
    'Give a folder with one folder for each of many people.',
  );
}
