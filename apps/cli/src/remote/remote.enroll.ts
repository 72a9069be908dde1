import type { EnrolledPhoto as AnsweredPhoto, Facelane, Person } from '@facelane/client';
import { FacelaneProblem } from '@facelane/client';
import type { CliContext } from '../cli.context.js';
import type { EnrolledPhoto } from '../commands/enrol.people.js';
import { refusalReason } from '../output/refusal.text.js';
import { readPhoto } from '../commands/read-photo.js';
import { findPeople } from '../photo.files.js';
import { ensureRemoteCollection } from './remote.api.js';

/** Photos of one request: below the API's limit, and an answer every few seconds. */
const AT_ONCE = 10;

/** Has a running API enrol every person of a folder of folders; a person is known there by the folder's name. */
export async function remoteEnrol(
  context: CliContext,
  api: Facelane,
  collection: string,
  directory: string,
): Promise<EnrolledPhoto[]> {
  const people = await findPeople(directory);
  const count = [...people.values()].reduce((sum, paths) => sum + paths.length, 0);
  context.note(`Enrolling ${people.size} people from ${count} photos in ${directory}`);
  await ensureRemoteCollection(api, collection);
  const enrolled: EnrolledPhoto[] = [];
  for (const [name, paths] of people) {
    const person = await ensurePerson(api, collection, name);
    for (let start = 0; start < paths.length; start += AT_ONCE) {
      context.signal.throwIfAborted();
      const chunk = paths.slice(start, start + AT_ONCE);
      const photos = await Promise.all(chunk.map(readPhoto));
      const answer = await api.people.enrol(collection, person.id, { photos }, { signal: context.signal });
      enrolled.push(...answer.photos.map((photo, i) => outcomeOf(chunk[i]!, name, photo)));
    }
  }
  return enrolled;
}

async function ensurePerson(api: Facelane, collection: string, name: string): Promise<Person> {
  try {
    return await api.people.create(collection, { name, externalId: name });
  } catch (error) {
    if (!(error instanceof FacelaneProblem && error.code === 'API.PERSON_EXISTS')) throw error;
    const { items } = await api.people.list(collection, { externalId: name }).page();
    if (items[0] === undefined) throw error;
    return items[0];
  }
}

function outcomeOf(path: string, person: string, photo: AnsweredPhoto): EnrolledPhoto {
  switch (photo.outcome) {
    case 'accepted':
      return { path, person, outcome: 'accepted' };
    case 'refused':
      return { path, person, outcome: 'refused', reason: refusalReason(photo) };
    case 'failed':
      return { path, person, outcome: 'failed', reason: photo.message ?? 'it failed' };
    case 'pending':
      return { path, person, outcome: 'failed', reason: `it was not done in time (asset ${photo.assetId})` };
  }
}
