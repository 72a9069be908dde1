import { readFile } from 'node:fs/promises';
import { CROP_BYTES, CROP_SIDE, StageError, UsageError } from '@facelane/contracts';
import { mainFace } from '@facelane/evaluation';
import { findContract, loadManifest } from '@facelane/models';
import type { PhotoAnalyser } from '@facelane/stages';
import { EIGENFACES_INPUT, EIGENFACES_SIDE, trainEigenfaces } from '@facelane/training';
import type { RgbImage } from '@facelane/vision';
import type { CliContext, CommonFlags } from '../../cli.context.js';
import { withDetector } from '../../local.session.js';
import { EXIT_CODES } from '../../output/exit-codes.js';
import { findPeople } from '../../photo.files.js';
import type { CliCommand } from '../command.js';
import { eachPhoto } from '../photos/each-photo.js';
import { requirePeople } from './require-people.js';
import { spread } from './spread.photos.js';
import { wholeNumber } from './whole-number.js';
import { writeTrained } from './write-trained.js';

interface EigenfacesFlags extends CommonFlags {
  readonly out: string;
  readonly components: string;
  readonly most: string;
}

const AT_ONCE = 8;
/** Of fewer faces the components are those faces, and say nothing of others. */
const FEWEST_FACES = 20;

/** `models train eigenfaces`, in the group of `models train`. */
export const trainEigenfacesCommand: CliCommand = {
  register(group, run) {
    group
      .command('eigenfaces')
      .summary('an embedder of principal components, from your own photos of faces')
      .argument('<dir>', 'folder with one folder per person: <dir>/<name>/*.jpg')
      .option('--out <folder>', 'where the network and its manifest are written', 'eigenfaces')
      .option('--components <count>', 'values of a vector, at most', '128')
      .option('--most <faces>', 'photos that are learned from, spread over the people', '1000')
      .action(run<EigenfacesFlags>((context, flags, [directory = '']) => train(context, directory, flags)));
  },
};

async function train(context: CliContext, directory: string, flags: EigenfacesFlags): Promise<number> {
  const components = wholeNumber('--components', flags.components, 1, 512);
  const most = wholeNumber('--most', flags.most, FEWEST_FACES, 3_000);
  const people = await findPeople(directory);
  requirePeople(directory, people);
  const paths = spread(people, most);
  const crops = await withDetector(context, (analyser) => mainCrops(context, analyser, paths));
  if (crops.length < FEWEST_FACES) {
    throw new UsageError(
      `Faces were found in ${crops.length} of ${paths.length} photos of ${directory}; eigenfaces are of ${FEWEST_FACES} at least.`,
      'Give a folder with more photos, each with a face of about 100 pixels or more.',
    );
  }
  context.note(`Learning from ${crops.length} faces of ${people.size} people`);
  const { network, dimension, explained } = await trainEigenfaces(crops, { components, signal: context.signal });
  const { models } = context.config;
  const base = findContract(await loadManifest({ own: models.manifest }), models.contract);
  const provenance = `Principal components of ${crops.length} faces of ${people.size} people, learned by facelane models train eigenfaces.`;
  const { manifest } = await writeTrained(flags.out, {
    id: 'eigenfaces',
    network,
    provenance,
    facts: {
      kind: 'embedder',
      input: {
        ...{ name: 'input', layout: 'NCHW', width: EIGENFACES_SIDE, height: EIGENFACES_SIDE, order: 'RGB' },
        ...EIGENFACES_INPUT,
      },
      outputs: [{ name: 'embedding', shape: [1, dimension] }],
      dimension,
    },
    // How faces are found and aligned is the base's; what belongs to its own vectors is not.
    contract: {
      ...{ ...base, name: 'eigenfaces', embedder: 'eigenfaces', thresholds: {} },
      ...{ second: undefined, comparer: undefined, metric: undefined },
      settings: { ...base.settings, radius: undefined },
    },
  });
  context.print(
    context.json
      ? JSON.stringify({ faces: crops.length, people: people.size, dimension, explained, manifest })
      : [
          `${dimension} components of ${crops.length} faces hold ${(explained * 100).toFixed(1)} % of what they differ in.`,
          `MODELS_MANIFEST=${manifest} MODELS_CONTRACT=eigenfaces chooses them; they have no thresholds yet: calibrate.`,
        ].join('\n'),
  );
  return EXIT_CODES.ok;
}

/** The aligned main face of each photo that has one. */
async function mainCrops(
  context: CliContext,
  analyser: PhotoAnalyser,
  paths: readonly string[],
): Promise<readonly RgbImage[]> {
  const work = async (path: string): Promise<RgbImage | undefined> => {
    try {
      const { faces, crops, photo } = await analyser.analyse(await readFile(path), path, { signal: context.signal });
      const face = mainFace(faces, photo);
      if (face === undefined) return undefined;
      const data = crops.slice(face.index * CROP_BYTES, (face.index + 1) * CROP_BYTES);
      return { width: CROP_SIDE, height: CROP_SIDE, data };
    } catch (error) {
      if (!(error instanceof StageError) || error.retry !== 'never') throw error;
      context.note(error.message);
      return undefined;
    }
  };
  const crops = await eachPhoto(context, { stage: 'detect', paths, atOnce: AT_ONCE, work });
  return crops.filter((crop) => crop !== undefined);
}
