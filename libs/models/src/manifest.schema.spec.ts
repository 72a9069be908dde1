import { describe, expect, it } from 'vitest';
import { loadManifest } from './manifest.loader.js';
import { modelManifestSchema } from './manifest.schema.js';
import { contractFileIds } from './resolve-contract.js';
import { parseSource } from './sources/source.js';

const { version, files, contracts } = await loadManifest();
const shipped = { version, files, contracts };

describe('the model manifest', () => {
  it('names every network and sample photo with a source, a digest and a licence', () => {
    expect(shipped.files.map(({ kind }) => kind)).toEqual([
      'detector',
      'detector',
      'detector',
      'detector',
      'landmarks',
      'embedder',
      ...Array.from({ length: 6 }, () => 'samples'),
    ]);
    expect(shipped.files.every(({ licence }) => licence.permissive)).toBe(true);
  });

  it('refuses two files with one id', () => {
    const twice = { ...shipped, files: [...shipped.files, shipped.files[0]] };
    expect(modelManifestSchema.safeParse(twice).error?.issues[0]?.message).toBe('two files have the same id');
  });

  it('refuses a contract whose embedder is another kind of file', () => {
    const contract = { ...shipped.contracts['default']!, embedder: 'sample-1' };
    const parsed = modelManifestSchema.safeParse({ ...shipped, contracts: { default: contract } });
    expect(parsed.error?.issues[0]?.message).toBe('"sample-1" is not a file of kind embedder in this manifest');
  });
});

describe('a contract without landmarks', () => {
  const contract = { ...shipped.contracts['default']!, landmarks: undefined };
  const withDecoder = (decoder: string) => ({
    ...shipped,
    files: shipped.files.map((file) => (file.kind === 'detector' ? { ...file, decoder } : file)),
    contracts: { default: contract },
  });

  it('takes the points of a detector that finds some', () => {
    const parsed = modelManifestSchema.parse(withDecoder('yunet'));
    expect(contractFileIds(parsed.contracts['default']!)).toEqual(['ultraface-rfb-320', 'mobilefacenet-512']);
  });

  it('is refused for a detector that finds none', () => {
    expect(modelManifestSchema.safeParse(withDecoder('ultraface')).error?.issues[0]?.message).toBe(
      '"ultraface-rfb-320" finds no points, so the contract needs landmarks',
    );
  });
});

describe('a source', () => {
  it('is a file in an npm package of an exact version', () => {
    expect(parseSource('npm:@scope/name@1.2.3-rc.1/a/b.onnx')).toEqual({
      kind: 'npm',
      package: '@scope/name',
      version: '1.2.3-rc.1',
      path: 'a/b.onnx',
    });
  });

  it('may be a url or a local file', () => {
    expect(parseSource('https://example.org/a.onnx')).toEqual({ kind: 'web', url: 'https://example.org/a.onnx' });
    expect(parseSource('http://127.0.0.1:8080/a')).toEqual({ kind: 'web', url: 'http://127.0.0.1:8080/a' });
    expect(parseSource('file:../a.onnx')).toEqual({ kind: 'file', path: '../a.onnx' });
  });

  it.each([
    'npm:name@latest/a',
    'npm:name@^1.0.0/a',
    'npm:name@1.0.0/../a',
    'npm:name@1.0.0/a;rm',
    'npm:name@1.0.0',
    'http://example.org/a',
    'ftp://example.org/a',
    'file:',
    'a.onnx',
  ])('is not %s', (text) => {
    expect(() => parseSource(text)).toThrow(RangeError);
  });
});
