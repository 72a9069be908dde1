import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '@facelane/contracts';
import { readWiderLabels, widerReport } from '@facelane/evaluation';
import type { PhotoAnalyser } from '@facelane/stages';
import type { CliContext, CommonFlags } from '../../cli.context.js';
import { withDetector } from '../../local.session.js';
import { widerPage } from '../../output/evaluation/wider.page.js';
import { type MeasuredWider, widerRow, widerText } from '../../output/evaluation/wider.text.js';
import type { CliCommand } from '../command.js';
import { eachPhoto } from '../photos/each-photo.js';
import { tellEvaluation } from './tell-evaluation.js';

interface WiderFlags extends CommonFlags {
  readonly out?: string;
}

/**
 * The curve needs weak detections too: what scores less, or comes after the best 750 of a photo (as many as published
 * results keep), is noise.
 */
const READING = { floor: 0.02, most: 750 };
/** One is decoded while the others are looked at. */
const AT_ONCE = 4;

type Found = Awaited<ReturnType<PhotoAnalyser['findBoxes']>>;

/** `eval wider`, in the group of `eval`: the detector of the configured contract. */
export const evalWiderCommand: CliCommand = {
  register(group, run) {
    group
      .command('wider')
      .summary('average precision of the detector by the rules of WIDER FACE')
      .argument('<dir>', 'folder with gt.json beside images/')
      .option('--out <folder>', 'write wider.json, wider.html with the curves, and wider.md with a row for a table')
      .action(run<WiderFlags>((context, { out }, [directory = '']) => evaluateWider(context, directory, out)));
  },
};

async function evaluateWider(context: CliContext, directory: string, out: string | undefined): Promise<number> {
  const started = performance.now();
  const labels = await readWiderLabels(directory);
  const names = [...labels.keys()];
  const measured = await withDetector(context, async (analyser): Promise<MeasuredWider> => {
    const found = await findAll(context, analyser, directory, names);
    const report = widerReport(labels, new Map(names.map((name, at) => [name, found[at]!.boxes])));
    const times = found.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
    const mean = times.reduce((sum, value) => sum + value, 0) / times.length;
    const millisecondsPerPhoto = { mean, median: times[Math.floor(times.length / 2)] ?? 0 };
    return { ...report, ...READING, millisecondsPerPhoto, contract: analyser.contract };
  });
  const [page, row, text] = [widerPage, widerRow, widerText];
  return tellEvaluation(context, { name: 'wider', measured, started, out, page, row, text });
}

function findAll(
  context: CliContext,
  analyser: PhotoAnalyser,
  directory: string,
  names: readonly string[],
): Promise<Found[]> {
  const work = async (name: string): Promise<Found> => {
    const bytes = await readLabelled(join(directory, 'images', name));
    return analyser.findBoxes(bytes, name, READING, { signal: context.signal });
  };
  return eachPhoto(context, { stage: 'detect', paths: names, atOnce: AT_ONCE, work });
}

const readLabelled = (path: string): Promise<Uint8Array> =>
  readFile(path).catch((cause: unknown) => {
    throw new UsageError(`${path} is named by gt.json and cannot be read.`, 'Put the photos into images/.', { cause });
  });
