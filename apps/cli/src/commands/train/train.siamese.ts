import { dirname } from 'node:path';
import { UsageError } from '@facelane/contracts';
import { requirePhotos } from '@facelane/evaluation';
import { findContract, loadManifest } from '@facelane/models';
import { type LabelledPairs, trainSiamese } from '@facelane/training';
import { joinVectors } from '@facelane/vision';
import type { CliContext, CommonFlags } from '../../cli.context.js';
import { withModels } from '../../local.session.js';
import { EXIT_CODES } from '../../output/exit-codes.js';
import type { CliCommand } from '../command.js';
import { embedPhotos } from '../photos/embed.photos.js';
import { tellUnreadable } from '../photos/tell-unreadable.js';
import { type PhotoPair, readPairFile } from './pair.file.js';
import { writeTrained } from './write-trained.js';

interface SiameseFlags extends CommonFlags {
  readonly photos?: string;
  readonly out: string;
}

/** `models train siamese`, in the group of `models train`. */
export const trainSiameseCommand: CliCommand = {
  register(group, run) {
    group
      .command('siamese')
      .summary('a comparer of two vectors, from labelled pairs of photos')
      .argument('<pairs>', "LFW's list of pairs, or lines of photo,photo,1 (one person) and photo,photo,0 (two)")
      .option('--photos <folder>', 'where the photos of the list begin; default: the folder of the list')
      .option('--out <folder>', 'where the network and its manifest are written', 'siamese')
      .action(run<SiameseFlags>((context, flags, [pairs = '']) => train(context, pairs, flags)));
  },
};

async function train(context: CliContext, file: string, flags: SiameseFlags): Promise<number> {
  const pairs = await readPairFile(file);
  const folder = flags.photos ?? dirname(file);
  const paths = [...new Set(pairs.flatMap(({ first, second }) => [first, second]))].sort();
  await requirePhotos(folder, paths);
  const { dimension, vectors } = await withModels(context, async ({ embedder }) => {
    const files = await embedPhotos(context, embedder, folder, paths);
    tellUnreadable(context, files);
    return { dimension: embedder.dimension, vectors: new Map(files.map(({ path, vector }) => [path, vector])) };
  });
  const known = labelled(pairs, vectors, dimension);
  context.note(`Learning from ${known.same.length} of ${pairs.length} pairs`);
  const { network, loss, cosineLoss } = await trainSiamese(known, context.signal).catch((error: unknown) => {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(error.message, 'Give more labelled pairs, each photo with a face.', { cause: error });
  });
  const { models } = context.config;
  const base = findContract(await loadManifest({ own: models.manifest }), models.contract);
  const { manifest } = await writeTrained(flags.out, {
    id: 'siamese',
    network,
    provenance: `A head over pairs of vectors of ${base.embedder}, learned of ${known.same.length} labelled pairs by facelane models train siamese.`,
    facts: { kind: 'comparer', inputs: ['a', 'b'], outputs: [{ name: 'probability', shape: [1, 1] }], dimension },
    contract: { ...base, comparer: 'siamese' },
  });
  const report = { pairs: known.same.length, loss, cosineLoss, manifest };
  context.print(
    context.json
      ? JSON.stringify(report)
      : [
          `On pairs that were held back the head loses ${loss.toFixed(4)} nats a pair, the cosine alone ${cosineLoss.toFixed(4)}.`,
          `MODELS_MANIFEST=${manifest} MODELS_CONTRACT=siamese chooses it; vectors stay those of ${models.contract}.`,
        ].join('\n'),
  );
  return EXIT_CODES.ok;
}

/** Pairs of which both photos have a face. */
function labelled(
  pairs: readonly PhotoPair[],
  vectors: ReadonlyMap<string, Float32Array | undefined>,
  dimension: number,
): LabelledPairs {
  const whole = pairs.flatMap(({ first, second, same }) => {
    const [a, b] = [vectors.get(first), vectors.get(second)];
    return a === undefined || b === undefined ? [] : [{ a, b, same }];
  });
  return {
    first: joinVectors(whole.map(({ a }) => a)),
    second: joinVectors(whole.map(({ b }) => b)),
    dimension,
    same: Uint8Array.from(whole, ({ same }) => Number(same)),
  };
}
