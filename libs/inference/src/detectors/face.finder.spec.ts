import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage, resizeExact } from '@facelane/imaging';
import type { ModelSettings } from '@facelane/models';
import { requireModels, samplePhoto } from '@facelane/testing';
import { cropResize, type Detection, intersectionOverUnion, type RgbImage } from '@facelane/vision';
import type { DetectionInput, WorkerSetup } from '../worker/messages.js';
import { Sessions } from '../worker/sessions.js';
import { fitDetector } from './detector.session.js';
import { FaceFinder } from './face.finder.js';

const models = await requireModels('ultraface-320');
const sessions = new Sessions();
let photo: RgbImage;

beforeAll(async () => {
  photo = (await decodeImage(await samplePhoto(models, 5))).image;
});
afterAll(() => sessions.release());

/** The whole photo shrunk to `width` pixels in the corner of a wide grey picture. */
function inCorner(width: number, corner: { x: number; y: number }): RgbImage {
  const small = cropResize(photo, { x: 0, y: 0, width: photo.width, height: photo.height }, width, (width * 3) / 4);
  const picture = { width: 2048, height: 1536, data: new Uint8Array(2048 * 1536 * 3).fill(96) };
  for (let y = 0; y < small.height; y++) {
    const row = small.data.subarray(y * width * 3, (y + 1) * width * 3);
    picture.data.set(row, ((corner.y + y) * picture.width + corner.x) * 3);
  }
  return picture;
}

function setupWith(settings: Partial<ModelSettings>): WorkerSetup {
  const contract = { ...models.contract, settings: { ...models.contract.settings, ...settings } };
  return { contract, device: 'cpu', maxFaces: 100 };
}

async function inputOf(image: RgbImage, { contract }: WorkerSetup): Promise<DetectionInput> {
  const { width, height } = fitDetector(contract.detector, image).content;
  return { image, detectorInput: await resizeExact(image, width, height) };
}

async function find(image: RgbImage, settings: Partial<ModelSettings> = {}, fit?: 'inside'): Promise<Detection[]> {
  const setup = setupWith(settings);
  const { detector } = setup.contract;
  const contract = { ...setup.contract, detector: { ...detector, input: { ...detector.input, ...(fit && { fit }) } } };
  const shaped = { ...setup, contract };
  return new FaceFinder(sessions, shaped, { floor: 0.65 }).find(await inputOf(image, shaped));
}

describe('looks', () => {
  const retry = { below: 20, looks: [{ width: 1280, height: 960 }] };

  it('again at a larger input when it found nothing', async () => {
    const image = inCorner(360, { x: 900, y: 300 });
    expect(await find(image)).toEqual([]);
    const found = await find(image, { retry });
    expect(found.length).toBeGreaterThanOrEqual(4);
    for (const { box } of found) {
      expect(box.x > 900 && box.x + box.width < 1260 && box.y > 300 && box.y + box.height < 570).toBe(true);
    }
  });

  it('again when a face is small, and not when all are large', async () => {
    const once = await find(photo);
    expect(await find(photo, { retry: { ...retry, below: 1 } })).toEqual(once);
    expect(await find(photo, { retry: { ...retry, below: 500 } })).not.toEqual(once);
  });

  it('closer for small faces only, where a limit says so', async () => {
    const once = await find(photo);
    const limited = await find(photo, { retry: { below: 500, looks: [{ width: 1280, height: 960, upTo: 40 }] } });
    expect(limited.filter(({ box }) => Math.max(box.width, box.height) * (1280 / photo.width) >= 40)).toEqual(once);
  });

  it('at parts of a large photo, and finds each face once', async () => {
    const image = inCorner(600, { x: 724, y: 543 });
    const whole = await find(image);
    const found = await find(image, { tiles: { side: 1024, overlap: 0.25 } });
    expect(found.length).toBe(5);
    expect(whole.length).toBeLessThan(5);
    for (const [at, { box }] of found.entries()) {
      for (const other of found.slice(at + 1)) expect(intersectionOverUnion(box, other.box)).toBeLessThan(0.2);
    }
  });

  it('has the same boxes whether the photo is squashed or keeps its shape', async () => {
    const squashed = await find(photo);
    const shaped = await find(photo, {}, 'inside');
    expect(shaped.length).toBe(squashed.length);
    for (const { box } of squashed) {
      expect(Math.max(...shaped.map((face) => intersectionOverUnion(face.box, box)))).toBeGreaterThan(0.7);
    }
  });
});

it('refuses a detector input of another size than the contract asks', async () => {
  const setup = setupWith({});
  const find = new FaceFinder(sessions, setup).find({ image: photo, detectorInput: photo });
  await expect(find).rejects.toThrow(`takes 320×240 pixels; found ${photo.width}×${photo.height}`);
});
