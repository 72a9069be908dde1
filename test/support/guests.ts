import type { PixelBox } from '@facelane/imaging';
import { samplePhoto, type TestModels } from '@facelane/testing';
import type { ApiCaller } from './api.js';
import { portraits, SAMPLE_NUMBERS } from './photos.js';

/** The sample photos, and a portrait of each of the three people of the first one, left to right. */
export interface Guests {
  /** By number, 1 to 6; number 0 is not there. The third guest is in photo 3 too, the second in photo 4. */
  readonly photos: readonly Uint8Array[];
  readonly portraits: readonly [Uint8Array, Uint8Array, Uint8Array];
}

export async function inviteGuests(api: ApiCaller, models: TestModels): Promise<Guests> {
  const samples = await Promise.all(SAMPLE_NUMBERS.map((number) => samplePhoto(models, number)));
  const [first] = samples;
  const { faces } = await api.form<{ faces: { box: PixelBox }[] }>('/v1/detect', { image: first! });
  const [left, middle, right] = await portraits(
    first!,
    faces.map(({ box }) => box),
  );
  return { photos: [new Uint8Array(), ...samples], portraits: [left!, middle!, right!] };
}
