// Who is in these photos? Enrols one photo of a person, submits the others, and says where the person is.
//
//   FACELANE_URL=http://127.0.0.1:8080 FACELANE_KEY=… node tag-photos.js Ada ada.jpg party.jpg beach.jpg
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { createFacelane, type Facelane, FacelaneProblem, type Person } from '@facelane/client';

const COLLECTION = 'friends';
const [name, reference, ...photos] = process.argv.slice(2);
const { FACELANE_URL: url = 'http://127.0.0.1:8080', FACELANE_KEY: key = '' } = process.env;

async function ensureCollection({ collections }: Facelane): Promise<void> {
  try {
    await collections.create({ id: COLLECTION });
  } catch (error) {
    if (!(error instanceof FacelaneProblem) || error.code !== 'API.COLLECTION_EXISTS') throw error;
  }
}

async function enrol({ people }: Facelane, photo: string): Promise<Person> {
  const person = await people.create(COLLECTION, { name: name ?? '' });
  const { photos: answers } = await people.enrol(COLLECTION, person.id, { photos: [await readFile(photo)] });
  for (const { outcome, reason, message } of answers) {
    console.log(`${basename(photo)}: ${outcome} as a reference of ${person.name} ${reason ?? message ?? ''}`.trim());
  }
  return person;
}

async function tag({ assets }: Facelane, photo: string, names: ReadonlyMap<string, string>): Promise<void> {
  const asset = await assets.submitAndWait(
    { collection: COLLECTION, source: await readFile(photo), externalId: basename(photo) },
    { signal: AbortSignal.timeout(120_000) },
  );
  if (asset.state === 'failed') {
    console.log(`${basename(photo)}: ${asset.failure?.code ?? 'failed'}: ${asset.failure?.remedy ?? ''}`);
    return;
  }
  const found = asset.result.faces.map(({ decision, personId }) =>
    `${decision} ${names.get(personId ?? '') ?? ''}`.trim(),
  );
  console.log(`${basename(photo)}: ${String(found.length)} faces: ${found.join(', ')}`);
}

async function main(first: string): Promise<void> {
  const facelane = createFacelane({ url, key });
  await ensureCollection(facelane);
  await enrol(facelane, first);

  const names = new Map<string, string>();
  for await (const person of facelane.people.list(COLLECTION)) names.set(person.id, person.name);
  for (const photo of photos) await tag(facelane, photo, names);

  // Asked without submitting: nothing of this photo is kept.
  const answer = await facelane.recognition.search(COLLECTION, { image: await readFile(first), limit: 1 });
  const best = answer.faces[0]?.candidates[0];
  console.log(`search: ${best === undefined ? 'nobody' : `${best.name} at ${best.score.toFixed(2)}`}`);
}

if (reference === undefined) throw new Error('Say the name of a person, a photo of that person, and other photos.');
await main(reference);
