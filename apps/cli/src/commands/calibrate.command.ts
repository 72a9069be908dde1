import { availableParallelism } from 'node:os';
import { relative, resolve } from 'node:path';
import { UsageError } from '@facelane/contracts';
import { type CalibrationReport, calibrationReport } from '@facelane/evaluation';
import type { CliContext, CommonFlags } from '../cli.context.js';
import { withModels } from '../local.session.js';
import { calibrationPage } from '../output/evaluation/calibration.page.js';
import { calibrationRow, calibrationText, patchOf } from '../output/evaluation/calibration.text.js';
import { writeEvaluation } from '../output/evaluation/write-evaluation.js';
import { EXIT_CODES } from '../output/exit-codes.js';
import { findPeople } from '../photo.files.js';
import { openThresholdTarget, type ThresholdTarget } from './calibrate/threshold.target.js';
import { cropFaces } from './calibrate/crop.faces.js';
import type { CliCommand } from './command.js';
import { type EmbeddedFile, embedPhotos } from './photos/embed.photos.js';
import { tellUnreadable } from './photos/tell-unreadable.js';

interface CalibrateFlags extends CommonFlags {
  readonly fmr: string;
  readonly out?: string;
  readonly apply?: string;
}

export const calibrateCommand: CliCommand = {
  register(program, run) {
    program
      .command('calibrate')
      .summary('the threshold at a false match rate, from your own photos of known people')
      .argument('<dir>', 'folder with one folder per person: <dir>/<name>/*.jpg')
      .option('--fmr <rate>', 'share of pairs of strangers that may be taken for one person, below 0.1', '1e-4')
      .option('--out <folder>', 'write calibration.json, .md, and .html with the curves and the most confusable pairs')
      .option('--apply <collection>', 'set the thresholds of the collection')
      .action(run<CalibrateFlags>((context, flags, [directory = '']) => calibrate(context, directory, flags)));
  },
};

async function calibrate(context: CliContext, directory: string, flags: CalibrateFlags): Promise<number> {
  const started = performance.now();
  const fmr = rateOf(flags.fmr);
  const root = resolve(directory);
  const people = await findPeople(root);
  // Before the long work: whether there is such a collection is soon known.
  const target = flags.apply === undefined ? undefined : await openThresholdTarget(context, flags.apply);
  const { contract, files, report } = await measure(context, { directory, root, people, fmr, target });
  const patch = patchOf(report);
  if (flags.out !== undefined) {
    const facts = { contract, createdAt: new Date().toISOString(), seconds: (performance.now() - started) / 1000 };
    const pictures = await cropFaces(root, files, report);
    await writeEvaluation(context, flags.out, 'calibration', {
      json: { ...facts, ...report, patch },
      html: calibrationPage(report, facts, pictures),
      markdown: calibrationRow(report, contract),
    });
  }
  await target?.apply(report);
  const applied = target === undefined ? {} : { applied: target.collection };
  context.print(
    context.json
      ? JSON.stringify({ contract, ...report, patch, ...applied })
      : calibrationText(report, target?.collection),
  );
  return EXIT_CODES.ok;
}

interface Work {
  readonly directory: string;
  readonly root: string;
  readonly people: ReadonlyMap<string, readonly string[]>;
  readonly fmr: number;
  readonly target: ThresholdTarget | undefined;
}

interface Measured {
  readonly contract: string;
  readonly files: readonly EmbeddedFile[];
  readonly report: CalibrationReport;
}

function measure(context: CliContext, { directory, root, people, fmr, target }: Work): Promise<Measured> {
  return withModels(context, async ({ embedder }) => {
    target?.requireContract(embedder.contract);
    const owners = new Map(
      [...people].flatMap(([name, paths]) => paths.map((path) => [relative(root, path), name] as const)),
    );
    const files = await embedPhotos(context, embedder, root, [...owners.keys()]);
    tellUnreadable(context, files);
    const photos = files.map(({ path, vector }) => ({ path, person: owners.get(path)!, vector }));
    const options = { threads: availableParallelism(), signal: context.signal, source: directory };
    return { contract: embedder.contract, files, report: await calibrationReport(photos, fmr, options) };
  });
}

function rateOf(text: string): number {
  const rate = Number(text);
  if (rate > 0 && rate < 0.1) return rate;
  throw new UsageError(
    `--fmr ${text} is no rate that can be calibrated.`,
    'Name a share of pairs above 0 and below 0.1, such as 1e-4: the review then begins at ten times that.',
  );
}
