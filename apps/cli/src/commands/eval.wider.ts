import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '@facelane/contracts';
import { readWiderLabels, type WiderReport, WIDER_SETTINGS, widerReport } from '@facelane/evaluation';
import type { PhotoAnalyser } from '@facelane/stages';
import type { CliContext } from '../cli.context.js';
import { withDetector } from '../local.session.js';
import { EXIT_CODES } from '../output/exit-codes.js';
import { PipelineProgress } from '../output/progress/pipeline.progress.js';

/**
 * The curve needs weak detections too: what scores less, or comes after the best 750 of a photo (as many as published
 * results keep), is noise.
 */
const READING = { floor: 0.02, most: 750 };
/** Photos in work at a time: one is decoded while the others are looked at. */
const AT_ONCE = 4;

type Boxes = Awaited<ReturnType<PhotoAnalyser['findBoxes']>>;

/** `facelane eval wider <dir>`: average precision of the configured contract's detector on labelled photos. */
export async function evaluateWider(context: CliContext, directory: string): Promise<number> {
  const labels = await readWiderLabels(directory);
  return withDetector(context, async (analyser) => {
    const found = await findAll(context, analyser, directory, [...labels.keys()]);
    const report = widerReport(labels, new Map([...found].map(([name, { boxes }]) => [name, boxes])));
    const milliseconds = [...found.values()].map((boxes) => boxes.milliseconds).sort((a, b) => a - b);
    const perPhoto = {
      mean: milliseconds.reduce((sum, value) => sum + value, 0) / milliseconds.length,
      median: milliseconds[Math.floor(milliseconds.length / 2)] ?? 0,
    };
    const { contract } = analyser;
    context.print(
      context.json
        ? JSON.stringify({ ...report, ...READING, millisecondsPerPhoto: perPhoto, contract })
        : reportText(report, perPhoto),
    );
    return EXIT_CODES.ok;
  });
}

async function findAll(
  context: CliContext,
  analyser: PhotoAnalyser,
  directory: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, Boxes>> {
  const found = new Map<string, Boxes>();
  const progress = new PipelineProgress({ stages: ['detect'], stream: process.stderr, mode: context.progress });
  progress.expect(names.length);
  progress.start();
  const queue = [...names];
  const lane = async (): Promise<void> => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      context.signal.throwIfAborted();
      const bytes = await readLabelled(join(directory, 'images', name));
      found.set(name, await analyser.findBoxes(bytes, name, READING, { signal: context.signal }));
      progress.completed('detect');
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
  } finally {
    progress.stop();
  }
  return found;
}

const readLabelled = (path: string): Promise<Uint8Array> =>
  readFile(path).catch((cause: unknown) => {
    throw new UsageError(`${path} is named by gt.json and cannot be read.`, 'Put the photos into images/.', { cause });
  });

function reportText(report: WiderReport, { mean, median }: { mean: number; median: number }): string {
  const { averagePrecision, faces, photos, detections } = report;
  return [
    ...WIDER_SETTINGS.map(
      (setting) => `${setting.padEnd(9)}  ${averagePrecision[setting].toFixed(3)} AP  (${faces[setting]} faces)`,
    ),
    `photos     ${photos}, ${detections} detections with a score of ${READING.floor} or more, at most ${READING.most} a photo`,
    `time       ${mean.toFixed(1)} ms a photo on one thread (median ${median.toFixed(1)}), without decoding`,
  ].join('\n');
}
