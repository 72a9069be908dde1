import { describe, expect, it } from 'vitest';
import { modelContractId } from './contract-id.js';
import { loadManifest } from './manifest.loader.js';
import { type ModelContract, modelManifestSchema } from './manifest.schema.js';
import { contractCosines, vectorDimension } from './metric.js';
import { contractFileIds } from './resolve-contract.js';

const manifest = await loadManifest();
const base = manifest.contracts['default']!;
const raw: ModelContract = {
  ...base,
  metric: 'euclidean-raw',
  settings: { ...base.settings, radius: 4 },
  thresholds: { '1e-3': 0.8, '1e-4': 0.6 },
};

const issuesOf = (contract: object): string[] => {
  const { version, files } = manifest;
  const parsed = modelManifestSchema.safeParse({ version, files, contracts: { tried: contract } });
  return (parsed.error?.issues ?? []).map(({ path, message }) => `${path.slice(2).join('.')}: ${message}`);
};

describe('the metric of a contract', () => {
  it('is the cosine where none is named', () => {
    expect(base.metric).toBeUndefined();
    expect(contractCosines(base)).toEqual(base.thresholds);
    expect(vectorDimension({ embedder: { dimension: 512 } })).toBe(512);
  });

  it('turns thresholds that are distances into cosines', () => {
    const unit = { ...base, metric: 'euclidean', thresholds: { '1e-3': 1.1, '1e-4': 0 } } as const;
    expect(contractCosines(unit)).toEqual({ '1e-3': expect.closeTo(0.395, 9) as number, '1e-4': 1 });
    expect(contractCosines(raw)['1e-4']).toBeCloseTo(1 - 0.36 / 32, 12);
  });

  it('makes other vectors where they keep their length, and the same ones where it is told in distances', () => {
    const id = modelContractId(base, manifest);
    expect(modelContractId({ ...base, metric: 'euclidean', thresholds: {} }, manifest)).toBe(id);
    expect(modelContractId(raw, manifest)).not.toBe(id);
    expect(vectorDimension({ embedder: { dimension: 512 }, metric: 'euclidean-raw' })).toBe(513);
  });

  it('is refused without what it needs, and with thresholds that it cannot have', () => {
    expect(issuesOf(raw)).toEqual([]);
    expect(issuesOf({ ...raw, settings: base.settings })).toEqual([
      'settings.radius: is needed with the metric euclidean-raw: longer than any vector',
    ]);
    expect(issuesOf({ ...raw, metric: 'euclidean' })).toEqual([
      'settings.radius: goes with the metric euclidean-raw only',
    ]);
    expect(issuesOf({ ...raw, thresholds: { '1e-4': 8.1 } })).toEqual([
      'thresholds.1e-4: 8.1 is no distance: between 0 and 8',
    ]);
    expect(issuesOf({ ...base, thresholds: { '1e-4': 1.1 } })).toEqual([
      'thresholds.1e-4: 1.1 is no cosine: between -1 and 1',
    ]);
    expect(issuesOf({ ...base, metric: 'manhattan' })[0]).toMatch(/^metric: /);
  });
});

describe('a second embedder', () => {
  const fused: ModelContract = { ...base, second: { embedder: 'resnet-128', weight: 1 } };

  it('is part of the contract: its file, its values, and how often it counts', () => {
    expect(issuesOf(fused)).toEqual([]);
    const id = modelContractId(fused, manifest);
    expect(id).not.toBe(modelContractId(base, manifest));
    const more: ModelContract = { ...fused, second: { embedder: 'resnet-128', weight: 2 } };
    expect(modelContractId(more, manifest)).not.toBe(id);
    expect(contractFileIds(manifest, 'fused')).toContain('resnet-128');
    expect(vectorDimension({ embedder: { dimension: 512 }, second: { embedder: { dimension: 128 } } })).toBe(640);
  });

  it('is an embedder, and compared by the cosine', () => {
    expect(issuesOf({ ...base, second: { embedder: 'landmarks-68', weight: 1 } })).toEqual([
      'second.embedder: "landmarks-68" is not a file of kind embedder in this manifest',
    ]);
    expect(issuesOf({ ...raw, second: { embedder: 'resnet-128', weight: 1 } })).toEqual([
      'second: has unit vectors: it does not go with the metric euclidean-raw',
    ]);
    expect(issuesOf({ ...base, second: { embedder: 'resnet-128', weight: 0 } })[0]).toMatch(/^second.weight: /);
  });
});
