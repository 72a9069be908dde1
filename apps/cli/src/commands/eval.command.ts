import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StageError, UsageError } from '@facelane/contracts';
import {
  developmentReport,
  type LfwReport,
  mainFace,
  photosOf,
  readLfwLists,
  tenFoldReport,
} from '@facelane/evaluation';
import type { PhotoEmbedder } from '@facelane/stages';
import type { CliContext, CommonFlags } from '../cli.context.js';
import { withModels } from '../local.session.js';
import { PipelineProgress } from '../output/progress/pipeline.progress.js';
import { EXIT_CODES } from '../output/exit-codes.js';
import { type CliCommand } from './command.js';
import { evaluateWider } from './eval.wider.js';

/** Photos in work at a time: enough to keep every inference thread fed while others are being decoded. */
const AT_ONCE = 8;

export const evalCommand: CliCommand = {
  register(program, run) {
    const group = program.command('eval').summary('measure the models on labelled photos');
    group
      .command('lfw')
      .summary('verification accuracy by the protocol of Labeled Faces in the Wild')
      .argument('<dir>', 'folder with pairs.txt, or pairsDevTrain.txt and pairsDevTest.txt, beside the people')
      .action(run<CommonFlags>((context, _flags, [directory = '']) => evaluateLfw(context, directory)));
    group
      .command('wider')
      .summary('average precision of the detector by the rules of WIDER FACE')
      .argument('<dir>', 'folder with gt.json beside images/')
      .action(run<CommonFlags>((context, _flags, [directory = '']) => evaluateWider(context, directory)));
  },
};

async function evaluateLfw(context: CliContext, directory: string): Promise<number> {
  const lists = await readLfwLists(directory);
  return withModels(context, async (embedder) => {
    const vectors = await embedAll(context, embedder, directory, photosOf(lists));
    const report =
      lists.kind === 'ten-fold'
        ? tenFoldReport(lists.folds, vectors)
        : developmentReport(lists.train, lists.test, vectors);
    context.print(context.json ? JSON.stringify({ ...report, contract: embedder.contract }) : reportText(report));
    return EXIT_CODES.ok;
  });
}

async function embedAll(
  context: CliContext,
  embedder: PhotoEmbedder,
  directory: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, Float32Array | undefined>> {
  const vectors = new Map<string, Float32Array | undefined>();
  const progress = new PipelineProgress({ stages: ['embed'], stream: process.stderr, mode: context.progress });
  progress.expect(paths.length);
  progress.start();
  const queue = [...paths];
  const lane = async (): Promise<void> => {
    for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
      context.signal.throwIfAborted();
      vectors.set(path, await embedMain(embedder, directory, path, context.signal));
      progress.completed('embed');
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
  } finally {
    progress.stop();
  }
  return vectors;
}

/** Undefined when there is no face or the photo cannot be read: both are the system's errors in this protocol. */
async function embedMain(
  embedder: PhotoEmbedder,
  directory: string,
  path: string,
  signal: AbortSignal,
): Promise<Float32Array | undefined> {
  const bytes = await readFile(join(directory, path)).catch((error: unknown) => {
    throw new UsageError(
      `${join(directory, path)} is named by the pair list and cannot be read.`,
      'Unpack the photos beside the lists.',
      { cause: error },
    );
  });
  try {
    const { faces, vectors, photo } = await embedder.embed(bytes, path, { signal });
    const face = mainFace(faces, photo);
    return face && vectors[face.index];
  } catch (error) {
    if (error instanceof StageError && error.retry === 'never') return undefined;
    throw error;
  }
}

function reportText(report: LfwReport): string {
  const { protocol, accuracy, standardError, threshold, pairs, photos, photosWithoutFace, tar } = report;
  const error = standardError === undefined ? '' : ` ± ${(standardError * 100).toFixed(2)}`;
  return [
    `accuracy   ${(accuracy * 100).toFixed(2)}${error} %  (${protocol}, ${pairs} pairs of ${photos} photos)`,
    `threshold  cosine ${threshold.toFixed(3)}, chosen on ${protocol === 'ten-fold' ? 'the other folds' : 'pairsDevTrain'}`,
    `no face    ${photosWithoutFace} photos; their pairs count as wrong`,
    ...tar.map((point) => `TAR        ${(point.tar * 100).toFixed(2)} % at FMR ${point.fmr}, on these pairs`),
  ].join('\n');
}
