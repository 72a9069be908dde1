import { readFile } from 'node:fs/promises';
import { InferenceSession } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { requireModels } from '@facelane/testing';
import { withSymbolicBatch } from './symbolic-batch.js';

const { contract } = await requireModels();
const original = await readFile(contract.embedder.path);

describe('a network with a symbolic batch', () => {
  it('takes and returns any number of images, by its own description', async () => {
    const session = await InferenceSession.create(withSymbolicBatch(original));
    expect(session.inputMetadata).toMatchObject([{ shape: ['batch', 3, 112, 112] }]);
    expect(session.outputMetadata).toMatchObject([{ shape: ['batch', 512] }]);
    await session.release();
  });

  it('keeps the weights: only a few bytes differ in length', () => {
    expect(Math.abs(withSymbolicBatch(original).length - original.length)).toBeLessThan(32);
  });

  it('is not made of something else', () => {
    expect(() => withSymbolicBatch(Buffer.from('not a model'))).toThrow(RangeError);
  });
});
