import { keys } from '@facelane/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, openDocuments, type TestDocuments } from '../../../registry/src/testing/document-stores.js';
import { PhotoIntake } from './photo.intake.js';
import { SourcePolicy } from './source.policy.js';

const NEVER = new AbortController().signal;
const MAX_BYTES = 100;

let opened: TestDocuments;
let intake: PhotoIntake;
beforeAll(async () => {
  opened = await openDocuments('fs');
  const policy = new SourcePolicy(opened.store.bucket, [{ bucket: 'media', prefix: '' }]);
  intake = new PhotoIntake(opened.store, policy, MAX_BYTES);
});
afterAll(() => opened.close());

const bytes = (length: number): { kind: 'bytes'; bytes: Uint8Array } => ({
  kind: 'bytes',
  bytes: new Uint8Array(length).fill(7),
});
const everything = async (): Promise<string[]> => (await collect(opened.store.list(''))).map(({ key }) => key);

const REFUSED = [
  ['no bytes', bytes(0), { code: 'INGEST.EMPTY' }],
  ['too many bytes', bytes(101), { code: 'INGEST.TOO_LARGE', safeDetails: { bytes: 101, limit: 100 } }],
  ['an object of others', { kind: 'object', bucket: 'others', key: 'a' }, { code: 'API.SOURCE_NOT_ALLOWED' }],
] as const;

describe('a photo that is kept', () => {
  it('lies under the uploads of its tenant when it came as bytes', async () => {
    const key = keys.upload('acme', 'one');
    expect(await intake.keep('acme', bytes(100), 'one', NEVER)).toEqual({ kind: 'object', bucket: 'facelane', key });
    const stored = await opened.store.get(key);
    expect(Buffer.from(stored.body)).toEqual(Buffer.alloc(100, 7));
    // What it is shows when it is read; a browser that is led to it must not guess.
    expect(stored.contentType).toBe('application/octet-stream');
  });

  it('stays where it is when it was named', async () => {
    const before = await everything();
    const object = { kind: 'object', bucket: 'media', key: 'a.jpg' } as const;
    expect(await intake.keep('acme', object, 'two', NEVER)).toEqual(object);
    const url = { kind: 'url', url: 'https://example.com/a.jpg' } as const;
    expect(await intake.keep('acme', url, 'two', NEVER)).toEqual(url);
    expect(await everything()).toEqual(before);
  });

  it.each(REFUSED)('is none of %s, and nothing is stored', async (_what, photo, refusal) => {
    const before = await everything();
    await expect(intake.keep('acme', photo, 'three', NEVER)).rejects.toMatchObject(refusal);
    expect(await everything()).toEqual(before);
  });

  it('is not stored for a caller that has hung up', async () => {
    const gone = AbortSignal.abort(new Error('hung up'));
    await expect(intake.keep('acme', bytes(10), 'four', gone)).rejects.toThrow('hung up');
    expect(await opened.store.head(keys.upload('acme', 'four'))).toBeUndefined();
  });
});

describe('a photo of a question', () => {
  it('is handed on as it is, and nothing is stored', async () => {
    const before = await everything();
    const photo = bytes(50);
    expect(intake.probe('acme', photo)).toEqual({ bytes: photo.bytes });
    const url = { kind: 'url', url: 'https://example.com/a.jpg' } as const;
    expect(intake.probe('acme', url)).toEqual({ source: url });
    expect(await everything()).toEqual(before);
  });

  it.each(REFUSED)('is none of %s', (_what, photo, refusal) => {
    expect(() => intake.probe('acme', photo)).toThrow(expect.objectContaining(refusal) as Error);
  });
});
