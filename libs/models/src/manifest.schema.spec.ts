import { describe, expect, it } from 'vitest';
import { loadManifest } from './manifest.loader.js';
import { modelManifestSchema } from './manifest.schema.js';
import { contractFileIds } from './resolve-contract.js';
import { parseSource } from './sources/source.js';

const { version, files, contracts } = await loadManifest();
const shipped = { version, files, contracts };

describe('the model manifest', () => {
  it('names every network and sample photo with a source, a digest and a licence', () => {
    const kinds = new Set(shipped.files.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(['detector', 'embedder', 'landmarks', 'samples', 'stage']);
    const { detector, landmarks, embedder } = shipped.contracts['default']!;
    const needed = shipped.files.filter(({ id }) => [detector, landmarks, embedder].includes(id));
    expect(needed.map(({ licence }) => licence.permissive)).toEqual([true, true, true]);
  });

  it('asks for acceptance of what is for research only', () => {
    const restricted = shipped.files.filter(({ licence }) => !licence.permissive).map(({ id }) => id);
    expect(restricted).toEqual(['w600k-mbf', 'w600k-r50']);
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
    files: shipped.files.map((file) => (file.id === contract.detector ? { ...file, decoder } : file)),
    contracts: { default: contract },
  });

  it('takes the points of a detector that finds some', () => {
    const parsed = modelManifestSchema.parse(withDecoder('yunet'));
    expect(contractFileIds({ ...parsed, directory: '.' })).toEqual(['ultraface-rfb-320-inside', 'mobilefacenet-512']);
  });

  it('is refused for a detector that finds none', () => {
    expect(modelManifestSchema.safeParse(withDecoder('ultraface')).error?.issues[0]?.message).toBe(
      '"ultraface-rfb-320-inside" finds no points, so the contract needs landmarks',
    );
  });
});

describe('the stages of a detector', () => {
  const issueOf = (change: object): string | undefined =>
    modelManifestSchema.safeParse({
      ...shipped,
      files: shipped.files.map((file) => (file.id === 'mtcnn-proposal' ? { ...file, ...change } : file)),
    }).error?.issues[0]?.message;

  it('are as many as its decoder has, and networks of that kind', () => {
    expect(issueOf({})).toBeUndefined();
    expect(issueOf({ stages: undefined })).toBe('the decoder "mtcnn" takes 2 stages, not 0');
    expect(issueOf({ decoder: 'yunet' })).toBe('the decoder "yunet" takes 0 stages, not 2');
    expect(issueOf({ stages: ['mtcnn-output', 'resnet-128'] })).toBe(
      '"resnet-128" is not a file of kind stage in this manifest',
    );
  });
});

describe('a file that is built', () => {
  const built = files.find(({ id }) => id === 'resnet-128')!;
  const issueOf = (change: object): string | undefined =>
    modelManifestSchema.safeParse({ version: 1, files: [{ ...built, ...change }], contracts: {} }).error?.issues[0]
      ?.message;

  it('names a recipe and all it is made of', () => {
    expect(issueOf({})).toBeUndefined();
    expect(issueOf({ source: 'build:soup' })).toMatch(/there is no recipe "soup"; choose one of: face-api-resnet, /);
    expect(issueOf({ from: undefined })).toBe('the recipe "face-api-resnet" takes: manifest, weights');
    expect(issueOf({ from: { ...built.from, salt: built.from!['weights'] } })).toMatch(/takes: manifest, weights/);
  });

  it('is made of files that are fetched, and a file that is fetched is made of nothing', () => {
    const from = { ...built.from, weights: { ...built.from!['weights'], source: 'build:mtcnn-output' } };
    expect(issueOf({ from })).toBe('the ingredient "weights" must be a file that is fetched');
    expect(issueOf({ source: 'file:a.onnx' })).toBe('"resnet-128" is fetched as it is, so it is made of nothing');
  });
});

describe("an embedder's input", () => {
  const embedder = files.find(({ id }) => id === 'resnet-128')!;
  const accepts = (input: object): boolean =>
    modelManifestSchema.safeParse({ version: 1, files: [{ ...embedder, input }], contracts: {} }).success;
  const facts = { name: 'x', layout: 'NHWC', width: 160, height: 160, order: 'RGB' };

  it.each([
    ['one mean for all channels', { ...facts, mean: 127.5, std: 128 }, true],
    ['one for each', { ...facts, mean: [1, 2, 3], std: [1, 2, 3] }, true],
    ["the picture's own", { ...facts, prewhiten: true }, true],
    ['a part of the crop', { ...facts, mean: 0, std: 1, area: { x: -3, y: 5.5, side: 104 } }, true],
    ['both its own mean and a given one', { ...facts, prewhiten: true, mean: 0, std: 1 }, false],
    ['neither', facts, false],
    ['a deviation of 0 in one channel', { ...facts, mean: 0, std: [1, 0, 1] }, false],
    ['a part without a size', { ...facts, mean: 0, std: 1, area: { x: 0, y: 0, side: 0 } }, false],
    ['a grey picture', { ...facts, order: 'GREY', mean: 0, std: 1 }, false],
  ])('may be scaled by %s: %#', (_case, input, expected) => {
    expect(accepts(input)).toBe(expected);
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

  it('may be a url, a local file or a recipe', () => {
    expect(parseSource('build:some-recipe')).toEqual({ kind: 'build', recipe: 'some-recipe' });
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
    'build:',
    'build:../recipe',
    'a.onnx',
  ])('is not %s', (text) => {
    expect(() => parseSource(text)).toThrow(RangeError);
  });
});
