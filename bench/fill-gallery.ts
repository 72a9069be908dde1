import { randomBytes, randomUUID } from 'node:crypto';
import { type PersonDocument, personDocumentSchema, keys } from '@facelane/contracts';
import { EmbeddedFaceIndex, type FacePoint } from '@facelane/face-index';
import { FsObjectStore } from '@facelane/object-store';

export interface GalleryPlace {
  readonly dataDir: string;
  readonly tenant: string;
  readonly collection: string;
  readonly contract: string;
  readonly dimension: number;
}

const CHUNK = 1_000;

/**
 * People with one reference face each, written past the pipeline: enrolling ten thousand photos would take an hour and
 * measure nothing. Their vectors are random, so none of them is anybody.
 */
export async function fillGallery(place: GalleryPlace, people: number): Promise<void> {
  const store = new FsObjectStore({ root: `${place.dataDir}/objects`, bucket: 'facelane' });
  const index = new EmbeddedFaceIndex({ file: `${place.dataDir}/index.sqlite` });
  await index.ensureContract({ id: place.contract, dimension: place.dimension });
  for (let start = 0; start < people; start += CHUNK) {
    const chunk = Array.from({ length: Math.min(CHUNK, people - start) }, (_, i) => personOf(place, start + i));
    await Promise.all(chunk.map((person) => writePerson(store, person)));
    await index.upsert(
      place.contract,
      chunk.map((person) => pointOf(place, person)),
    );
  }
  await Promise.all([store.close(), index.close()]);
}

function personOf({ tenant, collection, contract }: GalleryPlace, number: number): PersonDocument {
  const quality = { interEye: 40, sharpness: 90, brightness: 120, contrast: 40, yaw: 0, pitch: 0, roll: 0, cut: false };
  return {
    ...{ version: 1, tenant, collection, id: randomUUID(), name: `Person ${number}` },
    references: [
      {
        ...{ pointId: randomUUID(), assetId: randomUUID(), sha256: randomBytes(32).toString('hex'), faceIndex: 0 },
        ...{ contract, quality: { ...quality, minSide: 100 } },
      },
    ],
    createdAt: new Date().toISOString(),
  };
}

async function writePerson(store: FsObjectStore, person: PersonDocument): Promise<void> {
  const body = new TextEncoder().encode(JSON.stringify(personDocumentSchema.parse(person)));
  await store.put(keys.person(person.tenant, person.collection, person.id), body, { contentType: 'application/json' });
}

function pointOf({ tenant, collection, dimension }: GalleryPlace, { id, references }: PersonDocument): FacePoint {
  const { pointId, assetId, faceIndex } = references[0]!;
  return {
    ...{ id: pointId, kind: 'person', tenant, collection, personId: id, assetId, faceIndex },
    vector: randomUnitVector(dimension),
  };
}

/** Uniform on the sphere: normally distributed components (Box–Muller), divided by their length. */
function randomUnitVector(dimension: number): Float32Array {
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  const vector = Float32Array.from({ length: dimension }, normal);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
