import { UsageError } from '@facelane/contracts';

/** @throws UsageError when there is one person only: what tells people apart cannot be learned from him. */
export function requirePeople(directory: string, people: ReadonlyMap<string, readonly string[]>): void {
  if (people.size >= 2) return;
  throw new UsageError(
    `${directory} has photos of one person only, from whom nothing is learned that tells people apart.`,
    'Give a folder with one folder for each of many people.',
  );
}

/** So many photos at most: the first of every person, then the second of each who has two, and so on. */
export function spread(people: ReadonlyMap<string, readonly string[]>, most: number): readonly string[] {
  const taken: string[] = [];
  const longest = Math.max(...[...people.values()].map(({ length }) => length));
  for (let round = 0; round < longest && taken.length < most; round += 1) {
    for (const photos of people.values()) {
      const photo = photos[round];
      if (photo !== undefined && taken.length < most) taken.push(photo);
    }
  }
  return taken;
}
