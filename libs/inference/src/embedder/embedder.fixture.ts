import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { modelManifestSchema, type ResolvedContract, type ResolvedNetwork } from '@facelane/models';
import { GraphBuilder } from '@facelane/onnx';

type Embedder = ResolvedNetwork<'embedder'>;

/** What an entry of the manifest says of an embedder, but for the file. */
export interface EmbedderFacts {
  readonly id: string;
  readonly permissive?: boolean;
  readonly input: Embedder['input'];
  readonly output: string;
  readonly dimension: number;
}

export interface Interface {
  readonly input: string;
  /** Without the batch. */
  readonly shape: readonly number[];
  readonly output: string;
  readonly dimension: number;
  /** A kernel of its own for every place, as DeepFace's last layers have. Default: one for all. */
  readonly local?: boolean;
  /** Adds the mean of the batch to every row: a network that must not be batched. */
  readonly mixes?: boolean;
}

const CHANNELS = 4;
const CELL = 8;

/** Whole-number noise in -1..1, the same everywhere. */
const noise = (count: number, seed: number): Float32Array =>
  Float32Array.from({ length: count }, (_, at) => ((((at + seed) * 7919) % 2003) / 1001 - 1) * 0.1);

/**
 * A small network with the interface of a large one: exported for one picture, with a constant Reshape before its last layer, as
 * many published files are.
 */
export function embedderNetwork({ input, shape, output, dimension, local, mixes }: Interface): Uint8Array {
  const graph = new GraphBuilder('embedder');
  const given = graph.input(input, [1, ...shape]);
  const planes = shape[0] === 3 ? given : graph.node('Transpose', [given], { perm: [0, 3, 1, 2] });
  const [height, width] = shape[0] === 3 ? [shape[1]!, shape[2]!] : [shape[0]!, shape[1]!];
  const kernel = graph.floats(noise(CHANNELS * 3 * CELL * CELL, 1), [CHANNELS, 3, CELL, CELL]);
  let value = graph.node('Conv', [planes, kernel], { kernel_shape: [CELL, CELL], strides: [CELL, CELL] });
  const places = [CHANNELS, Math.floor(height / CELL), Math.floor(width / CELL)] as const;
  const count = places[0] * places[1] * places[2];
  if (local) value = graph.node('Mul', [value, graph.floats(noise(count, 5), places)]);
  if (mixes) value = graph.node('Add', [value, graph.node('ReduceMean', [value], { axes: [0], keepdims: 1 })]);
  const line = graph.node('Reshape', [graph.node('Tanh', [value]), graph.integers([1, count])]);
  const last = graph.floats(noise(count * dimension, 9), [count, dimension]);
  graph.output(graph.node('MatMul', [line, last]), output, [1, dimension]);
  return graph.encode();
}

/** Writes a network into the folder and makes a contract of it: the default's, with this embedder, checked by the schema. */
export async function contractWith(
  base: ResolvedContract,
  facts: EmbedderFacts,
  network: Uint8Array,
  folder: string,
): Promise<ResolvedContract> {
  const path = join(folder, `${facts.id}.onnx`);
  await writeFile(path, network);
  const { id, permissive = true, input, output, dimension } = facts;
  const entry = {
    ...{ id, kind: 'embedder', source: `file:${path}`, bytes: network.length },
    sha256: createHash('sha256').update(network).digest('hex'),
    licence: { spdx: permissive ? 'MIT' : 'LicenseRef-Research', permissive, provenance: 'made by a test' },
    ...{ input, outputs: [{ name: output, shape: [1, dimension] }], dimension },
  };
  const { files } = modelManifestSchema.parse({ version: 1, files: [entry], contracts: {} });
  return { ...base, id: `${id}-00000000`, embedder: { ...(files[0] as Embedder), path } };
}
