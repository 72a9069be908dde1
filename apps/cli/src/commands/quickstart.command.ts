import { readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { DetectedFace } from '@facelane/contracts';
import { cropJpeg } from '@facelane/imaging';
import { loadManifest } from '@facelane/models';
import type { CliContext, CommonFlags } from '../cli.context.js';
import { type LocalSession, withSession } from '../local.session.js';
import { bringModels } from '../models.ready.js';
import { writeWhole } from '../output/write-whole.js';
import { EXIT_CODES } from '../output/exit-codes.js';
import { type CliCommand } from './command.js';
import { tagPhotos } from './tag.photos.js';

/** Its people are enrolled, each from a cut-out of this photo alone; one of them stands in another photo too. */
const REFERENCE_SAMPLE = 'sample-1';
/** A contract has a collection of its own, so that this also runs in a folder where another contract ran. */
const collectionOf = (contract: string): string => `quickstart-${contract.split('-').at(-1)!}`;

export const quickstartCommand: CliCommand = {
  register(program, run) {
    program
      .command('quickstart')
      .summary('see it work: sample photos through the whole pipeline')
      .action(run<CommonFlags>((context) => quickstart(context)));
  },
};

async function quickstart(context: CliContext): Promise<number> {
  const folder = join(context.config.data.dir, 'quickstart');
  const samples = await bringSamples(context, join(folder, 'photos'));
  return withSession(context, async (local) => {
    const reference = samples.find((path) => path.includes(REFERENCE_SAMPLE))!;
    const people = join(folder, 'people');
    await cutOutPeople(local, reference, people);
    const annotate = join(folder, 'annotated');
    const report = join(folder, 'report.html');
    const flags = { collection: collectionOf(local.session.contract), people, annotate, report };
    const { exitCode, rows } = await tagPhotos(context, local, flags, samples);
    const elsewhere = rows.filter(
      ({ file, result }) =>
        !file.includes(REFERENCE_SAMPLE) &&
        result.state === 'done' &&
        result.faces.some(({ decision }) => decision === 'match'),
    );
    if (elsewhere.length === 0) {
      context.note(`\nNobody enrolled from ${REFERENCE_SAMPLE} was found in another photo, and one of them is in one.`);
      context.note('Run `npm run models -- verify`; if the files are fine, please report this.');
      return EXIT_CODES.somePhotosFailed;
    }
    context.note(`\nThe people of ${REFERENCE_SAMPLE} were enrolled from that photo alone.`);
    for (const { file } of elsewhere) context.note(`One of them was found in ${file}.`);
    context.note(`\nOpen ${relative('', report)} to see it. Then, with your own photos:`);
    context.note('  npm run facelane -- tag ./photos --people ./people --annotate ./out --report ./report.html');
    return exitCode;
  });
}

/** The sample photos, with names a person would give them. */
async function bringSamples(context: CliContext, folder: string): Promise<string[]> {
  const manifest = await loadManifest();
  const ids = manifest.files.filter(({ kind }) => kind === 'samples').map(({ id }) => id);
  const cached = await bringModels(context, ids);
  const paths: string[] = [];
  for (const id of ids) {
    const path = join(folder, `${id}.jpg`);
    await writeWhole(path, await readFile(cached.get(id)!));
    paths.push(path);
  }
  return paths;
}

/** One reference photo per face of the photo, left to right: people/Guest 1/…, as a user would lay them out. */
async function cutOutPeople({ session }: LocalSession, photo: string, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  const bytes = await readFile(photo);
  const { faces } = await session.embed(bytes, REFERENCE_SAMPLE);
  const leftToRight = [...faces].sort((a, b) => a.box.x - b.box.x);
  for (const [i, face] of leftToRight.entries()) {
    await writeWhole(join(folder, `Guest ${i + 1}`, `from-${REFERENCE_SAMPLE}.jpg`), await cutOut(bytes, face));
  }
}

/** The face with as much around it as a portrait has. */
async function cutOut(bytes: Uint8Array, { box }: DetectedFace): Promise<Uint8Array> {
  const side = 2 * Math.max(box.width, box.height);
  const square = { x: box.x + (box.width - side) / 2, y: box.y + (box.height - side) / 2, width: side, height: side };
  return cropJpeg(bytes, square, Math.round(Math.min(side, 800)));
}
