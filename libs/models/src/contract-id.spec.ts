import { describe, expect, it } from 'vitest';
import { canonicalJson, modelContractId } from './contract-id.js';
import { loadManifest } from './manifest.loader.js';
import type { ModelFile, ModelManifest } from './manifest.schema.js';

const manifest = await loadManifest();
const contract = manifest.contracts['default']!;
const id = modelContractId(contract, manifest);

const withFile = (changedId: string, change: (file: ModelFile) => ModelFile): ModelManifest => ({
  ...manifest,
  files: manifest.files.map((file) => (file.id === changedId ? change(file) : file)),
});

describe('the model contract id', () => {
  it.each([
    ['default', 'mobilefacenet-512-d3c23f2f'],
    ['ultraface-320', 'mobilefacenet-512-d1ce1820'],
  ])('of %s stays what it is: a change would orphan every stored vector', (name, expected) => {
    expect(modelContractId(manifest.contracts[name]!, manifest)).toBe(expected);
  });

  it('changes with what changes a vector', () => {
    const { settings } = contract;
    const others = [
      modelContractId({ ...contract, settings: { ...settings, landmarkScale: 1.3 } }, manifest),
      modelContractId({ ...contract, settings: { ...settings, maxImageSide: 1024 } }, manifest),
      modelContractId(
        contract,
        withFile('landmarks-68', (file) => ({ ...file, sha256: '0'.repeat(64) })),
      ),
      modelContractId(
        contract,
        withFile('mobilefacenet-512', (file) =>
          file.kind === 'embedder' ? { ...file, input: { ...file.input, order: 'RGB' } } : file,
        ),
      ),
    ];
    expect(new Set([id, ...others]).size).toBe(5);
  });

  it('changes with every network of the detector', () => {
    const { mtcnn } = manifest.contracts;
    const other = withFile('mtcnn-output', (file) => ({ ...file, sha256: '0'.repeat(64) }));
    expect(modelContractId(mtcnn!, other)).not.toBe(modelContractId(mtcnn!, manifest));
  });

  it('does not change with thresholds, sources or licences', () => {
    expect(modelContractId({ ...contract, thresholds: { '1e-3': 0.9 } }, manifest)).toBe(id);
    const moved = withFile('mobilefacenet-512', (file) => ({ ...file, source: 'file:elsewhere.onnx' }));
    expect(modelContractId(contract, moved)).toBe(id);
  });

  it('does not depend on the order of keys', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1}]}');
  });
});
