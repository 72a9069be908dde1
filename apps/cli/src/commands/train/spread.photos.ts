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
