import { createHash } from 'node:crypto';
import { mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ResolvedContract } from '@facelane/models';
import { GraphBuilder } from '@facelane/onnx';
import { requireModels } from '@facelane/testing';
import { InferenceEngine } from '../engine/inference.engine.js';
import { contractWith, embedderNetwork } from './embedder.fixture.js';

const { contract: base } = await requireModels();
const folder = await mkdtemp(join(tmpdir(), 'facelane-refused-'));

afterAll(() => rm(folder, { recursive: true }));

const facts = {
  id: 'given',
  input: { name: 'input', layout: 'NCHW', width: 112, height: 112, order: 'RGB', mean: 127.5, std: 128 },
  output: 'embedding',
  dimension: 64,
} as const;
const right = { input: 'input', shape: [3, 112, 112], output: 'embedding', dimension: 64 } as const;

async function start(contract: ResolvedContract): Promise<void> {
  await (await InferenceEngine.start({ contract, threads: 1 })).close();
}

const given = (network: Uint8Array): Promise<ResolvedContract> => contractWith(base, facts, network, folder);

describe('an embedder that is not what its manifest entry says', () => {
  it('is told from one that is', async () => {
    await expect(start(await given(embedderNetwork(right)))).resolves.toBeUndefined();
  });

  it.each([
    ['takes another size', { ...right, shape: [3, 160, 160] }, /takes float32 batch×3×160×160 as input; .*3×112×112/],
    ['takes another layout', { ...right, shape: [112, 112, 3] }, /takes float32 batch×112×112×3 as input/],
    ['has another input', { ...right, input: 'data' }, /has the inputs data and the outputs embedding/],
    ['has another output', { ...right, output: 'fc1' }, /has the inputs input and the outputs fc1/],
    [
      'gives vectors of another length',
      { ...right, dimension: 128 },
      /returned 256 values for 2 crops; its manifest entry says 128/,
    ],
  ] as const)('because it %s is refused', async (_case, network, message) => {
    const contract = await given(embedderNetwork(network));
    await expect(start(contract)).rejects.toMatchObject({
      code: 'INFERENCE.MODEL_CORRUPT',
      message: expect.stringMatching(message) as string,
    });
  });

  it('because it mixes the pictures of a batch is refused', async () => {
    await expect(start(await given(embedderNetwork({ ...right, mixes: true })))).rejects.toMatchObject({
      code: 'INFERENCE.SELF_TEST_FAILED',
    });
  });

  it('because it has an operator that nobody knows is refused', async () => {
    const graph = new GraphBuilder('custom');
    const input = graph.input('input', [1, 3, 112, 112]);
    graph.output(graph.node('FaceMagic', [input]), 'embedding', [1, 64]);
    await expect(start(await given(graph.encode()))).rejects.toMatchObject({
      code: 'INFERENCE.MODEL_CORRUPT',
      message: expect.stringContaining('FaceMagic') as string,
    });
  });

  it('because its values are not finite gives no vector', async () => {
    const graph = new GraphBuilder('infinite');
    const flat = graph.node('Flatten', [graph.input('input', [1, 3, 112, 112])], { axis: 1 });
    const weights = graph.floats(new Float32Array(3 * 112 * 112 * 64).fill(Infinity), [3 * 112 * 112, 64]);
    graph.output(graph.node('MatMul', [flat, weights]), 'embedding', [1, 64]);
    await expect(start(await given(graph.encode()))).rejects.toMatchObject({
      code: 'INFERENCE.FAILED',
      message: expect.stringContaining('not finite') as string,
    });
  });
});

describe("an embedder's file", () => {
  it('that is cut short is refused, also when that is what was published', async () => {
    const whole = embedderNetwork(right);
    const cut = whole.subarray(0, whole.length - 1000);
    await expect(start(await given(cut))).rejects.toMatchObject({
      code: 'INFERENCE.MODEL_CORRUPT',
      message: expect.stringContaining('cut short') as string,
    });
    const contract = await given(cut);
    const { embedder } = contract;
    const stated = createHash('sha256').update(whole).digest('hex');
    const damaged = { ...contract, embedder: { ...embedder, bytes: whole.length, sha256: stated } };
    await expect(start(damaged)).rejects.toMatchObject({
      code: 'INFERENCE.MODEL_CORRUPT',
      message: expect.stringContaining(`holds ${cut.length} bytes, not ${whole.length}`) as string,
    });
  });

  it('that is no network at all is refused', async () => {
    await expect(start(await given(Buffer.from('<html>not found</html>')))).rejects.toMatchObject({
      code: 'INFERENCE.MODEL_CORRUPT',
    });
  });

  it('that is larger than memory is refused unread', async () => {
    const contract = await given(embedderNetwork(right));
    // A hole: the file system keeps no bytes for it, and a program that reads it would get all of them.
    await truncate(contract.embedder.path, 64 * 1024 ** 3);
    await expect(start(contract)).rejects.toMatchObject({
      code: 'INFERENCE.MODEL_CORRUPT',
      message: expect.stringContaining('holds 68719476736 bytes') as string,
    });
  });
});
