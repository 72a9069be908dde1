import type { LedgerEntry } from '@facelane/contracts';

/** Whether a person, by his id, is one of those who are to go. */
export type IsErased = (personId: string) => boolean;

export const namesAny = ({ faces }: LedgerEntry, isErased: IsErased): boolean =>
  faces?.some(({ personId }) => personId !== undefined && isErased(personId)) === true;

/** The entry without the people; the entry itself when it names none of them. What became of the item stays. */
export function withoutPeople(entry: LedgerEntry, isErased: IsErased): LedgerEntry {
  if (entry.faces === undefined || !namesAny(entry, isErased)) return entry;
  const faces = entry.faces.map((face) =>
    face.personId !== undefined && isErased(face.personId) ? { decision: 'none' as const } : face,
  );
  return { ...entry, faces };
}
