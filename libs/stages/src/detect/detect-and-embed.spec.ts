import { createHash } from 'node:crypto';
import { CROP_BYTES, type DetectJob, type EmbedJob, keys, type Lane } from '@facelane/contracts';
import { DEFAULT_IMAGE_LIMITS } from '@facelane/imaging';
import { InferenceEngine } from '@facelane/inference';
import { requireModels, samplePhoto } from '@facelane/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EmbedHandler } from '../embed/embed.handler.js';
import { openStores, type TestStores } from '../testing/open-stores.js';
import { context, ingestJob, TENANT } from '../testing/stage.samples.js';
import { DetectHandler } from './detect.handler.js';
import { PhotoAnalyser } from '../photo.analyser.js';

/** Holds bulk work back until it is told not to. */
class Held {
  private held = true;
  private readonly listeners: (() => void)[] = [];
  readonly mayBegin = (): boolean => !this.held;
  readonly onRelease = (listener: () => void): void => void this.listeners.push(listener);
  release(): void {
    this.held = false;
    for (const listener of this.listeners) listener();
  }
}

const OBJECT = { contentType: 'application/octet-stream' };

describe.each(['fs', 's3'] as const)('detect and embed over %s', (driver) => {
  let stores: TestStores;
  let engine: InferenceEngine;
  let detect: DetectHandler;
  let embed: EmbedHandler;
  let photo: Uint8Array;
  let job: DetectJob;

  beforeAll(async () => {
    const models = await requireModels();
    photo = await samplePhoto(models, 1);
    stores = await openStores(driver);
    engine = await InferenceEngine.start({ contract: models.contract, threads: 1 });
    detect = new DetectHandler(stores.vault, stores.derived, new PhotoAnalyser(engine, DEFAULT_IMAGE_LIMITS));
    embed = new EmbedHandler(stores.derived, engine);
    const sha256 = createHash('sha256').update(photo).digest('hex');
    const { source, ...asset } = ingestJob({ kind: 'file', path: '/a.jpg' }, { contract: engine.contract.id });
    expect(source.kind).toBe('file');
    job = { ...asset, seen: false, photo: { sha256, bytes: photo.byteLength, format: 'jpeg', width: 1, height: 1 } };
    await stores.vault.keep(TENANT, sha256, photo, 'jpeg', context().signal);
  });
  afterAll(async () => {
    await engine.close();
    await stores.close();
  });

  /** Of another photo, which is there. */
  async function otherJob(number: number, lane: Lane): Promise<DetectJob> {
    const bytes = await samplePhoto(await requireModels(), number);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await stores.vault.keep(TENANT, sha256, bytes, 'jpeg', context().signal);
    return { ...job, lane, photo: { ...job.photo, sha256, bytes: bytes.byteLength } };
  }

  it('make crops and unit vectors, and pass on a photo that was seen', async () => {
    const next = await detect.handle({ ...job, again: true }, context());
    expect(next).toMatchObject({ seen: false, assetId: job.assetId, again: true });
    expect(next.faces).toBeGreaterThan(0);
    expect(await embed.handle(next, context())).toMatchObject({ faces: next.faces, again: true });
    const { vectors, header } = await stores.derived.readEmbeddings(
      TENANT,
      job.contract,
      job.photo.sha256,
      context().signal,
    );
    expect(header.faces).toHaveLength(next.faces);
    for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 4);
    for (const { quality } of header.faces) expect(quality.strength).toBeGreaterThan(0.5);

    // Nothing but the embeddings is needed the second time.
    await stores.store.delete(keys.photo(TENANT, job.photo.sha256));
    await stores.store.delete(keys.crops(TENANT, job.contract, job.photo.sha256));
    const again = await detect.handle({ ...job, seen: true }, context());
    expect(again).toMatchObject({ seen: true, faces: next.faces });
    await embed.handle(again, context());
    await stores.vault.keep(TENANT, job.photo.sha256, photo, 'jpeg', context().signal);
  });

  it('do what somebody waits for while bulk work may not begin', async () => {
    const { contract } = await requireModels();
    const order = new Held();
    const held = await InferenceEngine.start({ contract, threads: 1, order });
    const stages = [
      new DetectHandler(stores.vault, stores.derived, new PhotoAnalyser(held, DEFAULT_IMAGE_LIMITS)),
      new EmbedHandler(stores.derived, held),
    ] as const;
    const [bulk, waited] = await Promise.all([otherJob(2, 'bulk'), otherJob(3, 'interactive')]);
    const ended: string[] = [];
    const through = async (each: DetectJob): Promise<void> => {
      const next = await stages[0].handle(each, context());
      ended.push(`detect ${each.lane}`);
      await stages[1].handle(next, context());
      ended.push(`embed ${each.lane}`);
    };
    const later = through(bulk);
    await through(waited);
    expect(ended).toEqual(['detect interactive', 'embed interactive']);
    order.release();
    await later;
    expect(ended.slice(2)).toEqual(['detect bulk', 'embed bulk']);
    await held.close();
  });

  it('leave the faces of bulk work until they may be embedded', async () => {
    const { contract } = await requireModels();
    const order = new Held();
    const held = await InferenceEngine.start({ contract, threads: 1, order });
    const next = await detect.handle(await otherJob(4, 'bulk'), context());
    let ended = false;
    const embedded = new EmbedHandler(stores.derived, held).handle(next, context()).then(() => (ended = true));
    await held.embed(new Uint8Array(CROP_BYTES));
    expect(ended).toBe(false);
    order.release();
    await embedded;
    await held.close();
  });

  it('make damaged embeddings again', async () => {
    const key = keys.embeddings(TENANT, job.contract, job.photo.sha256);
    await stores.store.put(key, new Uint8Array(50), OBJECT);
    const next = await detect.handle({ ...job, seen: true }, context());
    expect(next.seen).toBe(false);
    await embed.handle(next, context());
    expect(await stores.derived.knownFaces(TENANT, job.contract, job.photo.sha256, context().signal)).toBe(next.faces);
  });

  it('refuse a job of another model contract, missing crops, and a photo that is gone or was replaced', async () => {
    const other = { ...job, contract: 'other-1' };
    await expect(detect.handle(other, context())).rejects.toMatchObject({ code: 'INFERENCE.CONTRACT_MISMATCH' });
    const photoOf = (sha256: string): EmbedJob['photo'] => ({ ...job.photo, sha256 });
    const toEmbed: EmbedJob = { ...job, faces: 1, photo: photoOf('0'.repeat(64)) };
    await expect(embed.handle({ ...toEmbed, contract: 'other-1' }, context())).rejects.toMatchObject({
      code: 'INFERENCE.CONTRACT_MISMATCH',
    });
    await expect(embed.handle(toEmbed, context())).rejects.toMatchObject({ code: 'EMBED.CROPS_UNREADABLE' });
    await expect(detect.handle({ ...job, photo: photoOf('1'.repeat(64)) }, context())).rejects.toMatchObject({
      code: 'STORE.MISSING',
    });
    await stores.store.put('theirs/a.jpg', new Uint8Array([...photo, 0]), OBJECT);
    await expect(detect.handle({ ...job, photoKey: 'theirs/a.jpg' }, context())).rejects.toMatchObject({
      code: 'DETECT.PHOTO_CHANGED',
      retry: 'never',
    });
  });
});
