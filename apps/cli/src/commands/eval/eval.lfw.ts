import { availableParallelism } from 'node:os';
import {
  developmentReport,
  type LfwLists,
  lfwPath,
  type LfwReport,
  type PairScore,
  photosOf,
  readLfwLists,
  requirePhotos,
  tenFoldReport,
  type Vectors,
  verificationReport,
} from '@facelane/evaluation';
import type { CliContext, CommonFlags } from '../../cli.context.js';
import { withModels } from '../../local.session.js';
import { lfwPage } from '../../output/evaluation/lfw.page.js';
import { lfwRow, lfwText, type MeasuredLfw } from '../../output/evaluation/lfw.text.js';
import type { CliCommand } from '../command.js';
import { embedPhotos } from '../photos/embed.photos.js';
import { pairProbabilities } from './pair.probabilities.js';
import { tellUnreadable } from '../photos/tell-unreadable.js';
import { tellEvaluation } from './tell-evaluation.js';
import { utilityDiscard } from './utility.discard.js';

interface LfwFlags extends CommonFlags {
  readonly out?: string;
}

const RATES = [1e-2, 1e-3, 1e-4];

/** `eval lfw`, in the group of `eval`. */
export const evalLfwCommand: CliCommand = {
  register(group, run) {
    group
      .command('lfw')
      .summary('verification by the protocol of Labeled Faces in the Wild, and over all pairs of its photos')
      .argument('<dir>', 'folder with pairs.txt, or pairsDevTrain.txt and pairsDevTest.txt, beside the people')
      .option('--out <folder>', 'write lfw.json, lfw.html with the curves, and lfw.md with a row for a table')
      .action(run<LfwFlags>((context, { out }, [directory = '']) => evaluateLfw(context, directory, out)));
  },
};

async function evaluateLfw(context: CliContext, directory: string, out: string | undefined): Promise<number> {
  const started = performance.now();
  const lists = await readLfwLists(directory);
  const paths = photosOf(lists);
  await requirePhotos(directory, paths);
  const measured = await withModels(
    context,
    async ({ embedder, contract: { distance }, comparer: head }): Promise<MeasuredLfw> => {
      const files = await embedPhotos(context, embedder, directory, paths);
      tellUnreadable(context, files);
      const photos = files.map(({ path, vector }) => ({ path, person: path.slice(0, path.indexOf('/')), vector }));
      const options = { threads: availableParallelism(), signal: context.signal, source: directory };
      const vectors = new Map(photos.map(({ path, vector }) => [path, vector]));
      const report = protocolReport(lists, vectors);
      const score = head && (await pairProbabilities(head, pairsOf(lists), vectors));
      const comparer = score && protocolReport(lists, vectors, score);
      const allPairs = await verificationReport(photos, RATES, options);
      const distances = distance && {
        threshold: distance(report.threshold),
        points: allPairs.points.map(({ threshold }) => distance(threshold)),
      };
      const discard = utilityDiscard(files, allPairs);
      return {
        ...report,
        contract: embedder.contract,
        ...(comparer && { comparer }),
        ...(distances && { distances }),
        allPairs,
        ...(discard && { discard }),
      };
    },
  );
  const [page, row, text] = [lfwPage, lfwRow, lfwText];
  return tellEvaluation(context, { name: 'lfw', measured, started, out, page, row, text });
}

const protocolReport = (lists: LfwLists, vectors: Vectors, score?: PairScore): LfwReport =>
  lists.kind === 'ten-fold'
    ? tenFoldReport(lists.folds, vectors, score)
    : developmentReport(lists.train, lists.test, vectors, score);

const pairsOf = (lists: LfwLists): (readonly [string, string])[] =>
  (lists.kind === 'ten-fold' ? lists.folds.flat() : [...lists.train, ...lists.test]).map(
    ({ first, second }) => [lfwPath(first), lfwPath(second)] as const,
  );
