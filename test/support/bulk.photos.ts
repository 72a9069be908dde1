import sharp from 'sharp';
import type { ObjectStore } from '@facelane/object-store';
import { samplePhoto, type TestModels } from '@facelane/testing';
import { SAMPLE_NUMBERS } from './photos.js';

/** Side of a photo, pixels: small, because it is their number that is tested. */
const SIDE = 160;

/**
 * Puts `count` different small photos of faces under `prefix`, cut out of the samples at different places; their keys in
 * the order of the listing.
 */
export async function putManyPhotos(
  models: TestModels,
  store: ObjectStore,
  prefix: string,
  count: number,
): Promise<string[]> {
  const samples = await Promise.all(SAMPLE_NUMBERS.map((number) => samplePhoto(models, number)));
  const small = await Promise.all(
    samples.map((sample) =>
      sharp(sample)
        .resize(2 * SIDE)
        .jpeg()
        .toBuffer(),
    ),
  );
  const keys: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const key = `${prefix}${String(i).padStart(5, '0')}.jpg`;
    const image = sharp(small[i % small.length]);
    const { height } = await image.metadata();
    const size = Math.min(SIDE, height);
    const step = Math.floor(i / small.length);
    const region = {
      left: step % (2 * SIDE - size),
      top: Math.floor(step / 40) % (height - size + 1),
      width: size,
      height: size,
    };
    const body = await image.extract(region).jpeg({ quality: 80 }).toBuffer();
    await store.put(key, body, { contentType: 'image/jpeg' });
    keys.push(key);
  }
  return keys;
}
