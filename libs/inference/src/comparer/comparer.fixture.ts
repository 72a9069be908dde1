import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ResolvedComparer } from '@facelane/models';
import { GraphBuilder } from '@facelane/onnx';

/** Entry of a manifest for a comparer of this file. */
export function comparerEntry(
  id: string,
  network: Uint8Array,
  dimension: number,
  source: string,
): Omit<ResolvedComparer['comparer'], 'path'> {
  return {
    ...{ id, source, bytes: network.length, dimension },
    kind: 'comparer',
    sha256: createHash('sha256').update(network).digest('hex'),
    licence: { spdx: 'MIT', permissive: true, provenance: 'made by a test' },
    inputs: ['a', 'b'],
    outputs: [{ name: 'probability', shape: [1, 1] }],
  };
}

/** Writes a network into the folder, as the comparer of a contract. */
export async function comparerOf(network: Uint8Array, dimension: number, folder: string): Promise<ResolvedComparer> {
  const path = join(folder, `comparer-${createHash('sha256').update(network).digest('hex').slice(0, 8)}.onnx`);
  await writeFile(path, network);
  const entry = comparerEntry('test-comparer', network, dimension, `file:${path}`);
  return { contract: 'test-00000000', comparer: { ...entry, path } };
}

/** How far from the peak a cosine is, squared and halved: what the network below takes off. */
export const peaked = (cosine: number, peak: number): number => 1 - (cosine - peak) ** 2 / 2;

/**
 * A comparer whose answer is `peaked`: who is most like the face is not who has the highest cosine, so that its order is told
 * from that of the cosine. `upsideDown`: 1 less that, an answer that means the opposite.
 */
export function peakedComparer(
  dimension: number,
  peak: number,
  { upsideDown = false, batch = 'batch' }: { upsideDown?: boolean; batch?: number | string } = {},
): Uint8Array {
  const graph = new GraphBuilder('peaked');
  const [a, b] = [graph.input('a', [batch, dimension]), graph.input('b', [batch, dimension])];
  const scalar = (value: number): string => graph.floats(Float32Array.of(value), [1]);
  const ones = graph.floats(new Float32Array(dimension).fill(1), [dimension, 1]);
  const off = graph.node('Add', [graph.node('MatMul', [graph.node('Mul', [a, b]), ones]), scalar(-peak)]);
  const squared = graph.node('Mul', [graph.node('Mul', [off, off]), scalar(upsideDown ? 0.5 : -0.5)]);
  graph.output(graph.node('Add', [squared, scalar(upsideDown ? 0 : 1)]), 'probability', [batch, 1]);
  return graph.encode();
}
