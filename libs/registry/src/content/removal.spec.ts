import {
  CROP_BYTES,
  type CropsHeader,
  decodeCrops,
  decodeEmbeddings,
  type DetectedFace,
  type EmbeddingsHeader,
  keys,
  uuidV5,
} from '@facelane/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LocalExclusion, openDocuments, type TestDocuments } from '../testing/document-stores.js';
import { DerivedEditor } from './derived.editor.js';
import { DerivedStore } from './derived.store.js';
import { HandOver } from './hand-over.js';
import { type PhotoUse, PhotoUses } from './photo-uses.js';
import { PhotoRemover } from './photo.remover.js';

const T = 'acme';
const { signal } = new AbortController();
const use = (collection: string, name: string): PhotoUse => ({ collection, assetId: uuidV5(collection, name) });
const face = (index: number): DetectedFace => {
  const at = { x: 10 + index, y: 20 };
  const quality = {
    minSide: 80,
    interEye: 30,
    sharpness: 80,
    brightness: 120,
    contrast: 40,
    yaw: 1,
    pitch: 2,
    roll: 3,
  };
  return {
    index,
    box: { ...at, width: 80, height: 80 },
    landmarks: [at, at, at, at, at],
    score: 0.9,
    quality: { ...quality, cut: false },
  };
};

describe.each(['fs', 's3'] as const)('content on %s', (driver) => {
  let opened: TestDocuments;
  let uses: PhotoUses;
  let editor: DerivedEditor;
  let remover: PhotoRemover;
  let derived: DerivedStore;
  let sha256: string;
  let photos = 0;

  beforeAll(async () => {
    opened = await openDocuments(driver);
    uses = new PhotoUses(opened.store);
    editor = new DerivedEditor(opened.store, opened.documents, new LocalExclusion());
    remover = new PhotoRemover(opened.store, uses, editor);
    derived = new DerivedStore(opened.store, new LocalExclusion());
  });
  afterAll(() => opened.close());
  beforeEach(() => {
    photos += 1;
    sha256 = photos.toString(16).padStart(64, '0');
  });

  /** A photo of three faces, worked on for `owner` with two model contracts: five objects. */
  async function keepPhoto(owner: PhotoUse): Promise<void> {
    await opened.store.put(keys.photo(T, sha256), new Uint8Array([1, 2, 3]), { contentType: 'image/jpeg' });
    for (const contract of ['c-1', 'c-2']) {
      const header: CropsHeader = {
        version: 1,
        kind: 'crops',
        contract,
        sha256,
        ...owner,
        faces: [face(0), face(1), face(2)],
        droppedFaces: 0,
      };
      await derived.writeCrops(T, header, new Uint8Array(3 * CROP_BYTES).fill(7), signal);
      await derived.writeEmbeddings(
        T,
        { ...header, kind: 'embeddings', dimension: 4 },
        new Float32Array(12).fill(0.5),
        signal,
      );
    }
  }
  const objects = async (): Promise<number> => {
    const all = [keys.photo(T, sha256), ...(await editor.keysOf(T, sha256))];
    const found = await Promise.all(all.map((key) => opened.store.head(key)));
    return found.filter((info) => info !== undefined).length;
  };

  it('goes with the last asset that works with it, under every model contract', async () => {
    const [first, second] = [use('a', 'first'), use('b', 'second')];
    await keepPhoto(first);
    await Promise.all([first, second].map((each) => uses.add(T, sha256, each)));
    expect(await remover.release(T, sha256, first)).toBe(0);
    expect(await objects()).toBe(5);
    expect(await remover.release(T, sha256, second)).toBe(5);
    expect(await objects()).toBe(0);
    expect(await remover.release(T, sha256, second)).toBe(0);
  });

  it('goes also when its last two assets are removed at once', async () => {
    const pair = [use('a', 'first'), use('b', 'second')];
    await keepPhoto(pair[0]!);
    await Promise.all(pair.map((each) => uses.add(T, sha256, each)));
    await Promise.all(pair.map((each) => remover.release(T, sha256, each)));
    expect(await objects()).toBe(0);
  });

  it('is put back for somebody who began to use it while it was removed', async () => {
    const [leaving, coming] = [use('a', 'leaving'), use('a', 'coming')];
    await keepPhoto(leaving);
    await uses.add(T, sha256, leaving);
    const asked: string[] = [];
    class Late extends PhotoUses {
      // He marks his use just after the first look.
      override async *others(...given: Parameters<PhotoUses['others']>): AsyncGenerator<PhotoUse> {
        yield* super.others(...given);
        asked.push('others');
        if (asked.length === 1) await uses.add(T, sha256, coming);
      }
    }
    const late = new PhotoRemover(opened.store, new Late(opened.store), editor);
    expect(await late.release(T, sha256, leaving)).toBe(0);
    expect(asked).toHaveLength(1);
    expect(await objects()).toBe(5);
    expect(await editor.names(T, sha256, leaving)).toBe(false);
    expect(await editor.names(T, sha256, coming)).toBe(true);
    expect([...(await opened.store.get(keys.photo(T, sha256))).body]).toEqual([1, 2, 3]);
  });

  it('bears the name of another asset when its first one is gone', async () => {
    const [first, second] = [use('a', 'first'), use('b', 'second')];
    await keepPhoto(first);
    expect(await editor.names(T, sha256, second)).toBe(false);
    expect(await editor.names(T, sha256, first)).toBe(true);
    await editor.rename(T, sha256, first, second);
    expect(await editor.names(T, sha256, first)).toBe(false);
    const { header, crops } = await derived.readCrops(T, 'c-2', sha256, signal);
    expect(header).toMatchObject({ assetId: second.assetId, collection: 'b' });
    expect([crops.length, new Set(crops)]).toEqual([3 * CROP_BYTES, new Set([7])]);
  });

  it('loses none of two faces that are blanked at once, and keeps the others', async () => {
    await keepPhoto(use('a', 'first'));
    const counts = await Promise.all([[0], [2], [7]].map((rows) => editor.blank(T, 'c-1', sha256, new Set(rows))));
    expect(counts).toEqual([1, 1, 0]);
    const { body } = await opened.store.get(keys.crops(T, 'c-1', sha256));
    const { header, crops } = decodeCrops(body);
    const rowOf = (row: number): Set<number> => new Set(crops.subarray(row * CROP_BYTES, (row + 1) * CROP_BYTES));
    expect([rowOf(0), rowOf(1), rowOf(2)]).toEqual([new Set([0]), new Set([7]), new Set([0])]);
    expect(header.erased).toEqual([0, 2]);
    expect(header.faces[1]).toEqual(face(1));
    expect(header.faces[2]).toMatchObject({ index: 2, score: 0, box: { x: 0, width: 0 }, quality: { minSide: 0 } });
    const { vectors } = decodeEmbeddings((await opened.store.get(keys.embeddings(T, 'c-1', sha256))).body);
    expect(vectors.map((vector) => vector[0])).toEqual([0, 0.5, 0]);
    expect(await editor.blank(T, 'c-1', sha256, new Set([0, 2]))).toBe(0);
    const other = await derived.readEmbeddings(T, 'c-2', sha256, signal);
    expect(other.header.erased).toBeUndefined();
  });

  it('that is damaged is not said to be rid of anybody', async () => {
    await opened.store.put(keys.crops(T, 'c-1', sha256), new Uint8Array(40), { contentType: 'x/y' });
    await expect(editor.blank(T, 'c-1', sha256, new Set([0]))).rejects.toMatchObject({ code: 'STORE.CORRUPT' });
  });

  it('of uploads is ours to remove, what lies elsewhere is not', async () => {
    const put = (key: string) => opened.store.put(key, new Uint8Array(1), { contentType: 'image/jpeg' });
    const keyed = (key: string, bucket = opened.store.bucket) => ({ kind: 'object', bucket, key }) as const;
    const [ours, theirs, foreign] = [keys.upload(T, 'u1'), 'holiday/1.jpg', keys.upload('other', 'u1')];
    await Promise.all([ours, theirs, foreign].map(put));
    expect(await remover.removeUpload(T, keyed(theirs))).toBe(0);
    expect(await remover.removeUpload(T, keyed(foreign))).toBe(0);
    expect(await remover.removeUpload(T, keyed(ours, 'another-bucket'))).toBe(0);
    expect(await remover.removeUpload(T, { kind: 'url', url: 'https://photos.example/1.jpg' })).toBe(0);
    expect(await remover.removeUpload(T, keyed(ours))).toBe(1);
    expect(await remover.removeUpload(T, keyed(ours))).toBe(0);
    expect(await opened.store.head(theirs)).toBeDefined();
    expect(await opened.store.head(foreign)).toBeDefined();
  });
});

it('handed over is not taken for work that does not follow directly', async () => {
  const opened = await openDocuments('fs');
  const derived = new DerivedStore(opened.store, new LocalExclusion(), new HandOver(1_000_000));
  const header: EmbeddingsHeader = {
    ...{ version: 1, kind: 'embeddings', contract: 'c-1', sha256: 'f'.repeat(64), droppedFaces: 0, dimension: 4 },
    ...{ ...use('a', 'x'), faces: [face(0)] },
  };
  await derived.writeEmbeddings(T, header, new Float32Array(4).fill(0.5), signal);
  const editor = new DerivedEditor(opened.store, opened.documents, new LocalExclusion());
  await editor.blank(T, 'c-1', header.sha256, new Set([0]));
  const { vectors } = await derived.readEmbeddings(T, 'c-1', header.sha256, signal);
  expect(vectors[0]).toEqual(new Float32Array(4));
  await opened.close();
});
