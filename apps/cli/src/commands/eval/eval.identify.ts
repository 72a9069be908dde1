import { availableParallelism } from 'node:os';
import { relative, resolve } from 'node:path';
import { type GallerySplit, identificationReport, splitPeople } from '@facelane/evaluation';
import type { CliContext, CommonFlags } from '../../cli.context.js';
import { withModels } from '../../local.session.js';
import { identifyPage } from '../../output/evaluation/identify.page.js';
import { identifyRow, identifyText, type MeasuredSearch } from '../../output/evaluation/identify.text.js';
import { findPeople } from '../../photo.files.js';
import type { CliCommand } from '../command.js';
import { embedPhotos } from '../photos/embed.photos.js';
import { tellUnreadable } from '../photos/tell-unreadable.js';
import { tellEvaluation } from './tell-evaluation.js';

interface IdentifyFlags extends CommonFlags {
  readonly out?: string;
}

/** False positive identification rates. */
const RATES = [1e-1, 1e-2, 1e-3];

/** `eval identify`, in the group of `eval`. */
export const evalIdentifyCommand: CliCommand = {
  register(group, run) {
    group
      .command('identify')
      .summary('who is found in a gallery, and who is taken for somebody else: rank 1, and open set at a FPIR of 1 %')
      .argument('<dir>', 'folder with one folder per person: <dir>/<name>/*.jpg')
      .option('--out <folder>', 'write identify.json, identify.html with the curves, and identify.md with a row')
      .action(run<IdentifyFlags>((context, { out }, [directory = '']) => evaluateSearch(context, directory, out)));
  },
};

async function evaluateSearch(context: CliContext, directory: string, out: string | undefined): Promise<number> {
  const started = performance.now();
  const root = resolve(directory);
  const people = new Map(
    [...(await findPeople(root))].map(([name, paths]) => [name, paths.map((path) => relative(root, path))]),
  );
  const split = splitPeople(people, directory);
  const measured = await withModels(context, async ({ embedder }): Promise<MeasuredSearch> => {
    const paths = pathsOf(split);
    const files = await embedPhotos(context, embedder, root, paths);
    tellUnreadable(context, files);
    const vectors = new Map(files.map(({ path, vector }) => [path, vector]));
    const withVectors = (photos: GallerySplit['gallery']) =>
      photos.map((photo) => ({ ...photo, vector: vectors.get(photo.path) }));
    const photos = {
      gallery: withVectors(split.gallery),
      mated: withVectors(split.mated),
      strangers: withVectors(split.strangers),
    };
    const options = { threads: availableParallelism(), signal: context.signal, source: directory };
    return {
      contract: embedder.contract,
      photos: paths.length,
      ...(await identificationReport(photos, RATES, options)),
    };
  });
  const [page, row, text] = [identifyPage, identifyRow, identifyText];
  return tellEvaluation(context, { name: 'identify', measured, started, out, page, row, text, more: { split } });
}

const pathsOf = ({ gallery, mated, strangers }: GallerySplit): string[] =>
  [...gallery, ...mated, ...strangers].map(({ path }) => path);
