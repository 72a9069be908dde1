import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelManifest } from './manifest.schema.js';
import { listModels, resolveModelFile, verifyModels } from './model-files.js';

const contents = 'a model';
let cacheDir: string;
let manifest: ModelManifest;

beforeAll(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'facelane-cache-'));
  manifest = {
    version: 1,
    contracts: {},
    directory: cacheDir,
    files: [
      {
        id: 'thing',
        kind: 'samples',
        source: 'file:thing.bin',
        sha256: createHash('sha256').update(contents).digest('hex'),
        bytes: contents.length,
        licence: { spdx: 'MIT', provenance: 'made here', permissive: true },
      },
    ],
  };
});

afterAll(() => rm(cacheDir, { recursive: true }));

describe('a cached model file', () => {
  it('that is missing is named with its remedy', async () => {
    await expect(resolveModelFile(manifest, 'thing', cacheDir)).rejects.toMatchObject({
      code: 'INFERENCE.MODEL_MISSING',
      message: expect.stringContaining('thing') as string,
      remedy: expect.stringContaining('pull') as string,
    });
    expect(await listModels(manifest, cacheDir)).toMatchObject([{ cached: false }]);
  });

  it('is resolved once its digest fits, and refused as soon as it is damaged', async () => {
    const [listed] = await listModels(manifest, cacheDir);
    await writeFile(listed!.path, contents);
    await expect(resolveModelFile(manifest, 'thing', cacheDir)).resolves.toBe(listed!.path);
    await writeFile(listed!.path, 'a mudel');
    await expect(resolveModelFile(manifest, 'thing', cacheDir)).rejects.toMatchObject({
      code: 'INFERENCE.MODEL_CORRUPT',
    });
    expect(await verifyModels(manifest, cacheDir)).toMatchObject([{ state: 'corrupt' }]);
  });
});
