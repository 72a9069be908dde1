import { basename, relative } from 'node:path';
import type { CollectionDocument, QualityGates } from '@facelane/contracts';
import type { CliContext } from '../cli.context.js';
import type { LocalSession } from '../local.session.js';
import { annotateResults } from '../output/annotate.results.js';
import { EXIT_CODES } from '../output/exit-codes.js';
import { reportResults } from '../output/report.results.js';
import { type ResultRow, summarize } from '../output/summary.js';
import { resultsTable } from '../output/tables/results.table.js';
import { commonFolder } from '../common-folder.js';
import { runBatch, type TaggedPhoto } from '../photo.batch.js';
import { collectionWithBars } from './bars/bars.option.js';
import { enrolmentText, enrolPeople } from './enrol.people.js';

export interface TagOptions {
  readonly collection: string;
  /** Replace those of the collection. Default: its own stay. */
  readonly qualityBars?: QualityGates | undefined;
  readonly people?: string;
  readonly annotate?: string;
  readonly report?: string;
}

/** Enrols, tags, prints and draws. */
export async function tagPhotos(
  context: CliContext,
  local: LocalSession,
  options: TagOptions,
  photos: readonly string[],
): Promise<{ exitCode: number; rows: readonly ResultRow[] }> {
  const collection = await collectionWithBars(local, options.collection, options.qualityBars);
  if (options.people !== undefined) {
    const enrolled = await enrolPeople(context, local, collection, options.people);
    context.note(enrolmentText(enrolled, nameOf));
  }
  context.note(`Tagging ${photos.length} photos`);
  const results = await runBatch(
    context,
    local,
    collection,
    photos.map((path) => ({ path })),
  );
  const common = commonFolder(photos);
  const tagged = results.map(({ path, result }) => ({ path, row: { file: relative(common, path), result } }));
  const rows = tagged.map(({ row }) => row);
  if (context.json) {
    for (const { path, row } of tagged) context.print(JSON.stringify({ type: 'photo', path, ...row }));
    context.print(JSON.stringify({ type: 'summary', ...summarize(rows) }));
  } else {
    context.print(resultsTable(rows, context.style));
  }
  await draw(context, options, collection, tagged);
  const failed = rows.some(({ result }) => result.state === 'failed');
  return { exitCode: failed ? EXIT_CODES.somePhotosFailed : EXIT_CODES.ok, rows };
}

async function draw(
  context: CliContext,
  { annotate, report }: TagOptions,
  collection: CollectionDocument,
  tagged: readonly TaggedPhoto[],
): Promise<void> {
  if (annotate !== undefined) {
    const written = await annotateResults(annotate, tagged, context.signal);
    context.note(`${written} annotated photos are in ${nameOf(annotate)}`);
  }
  if (report !== undefined) {
    const title = basename(commonFolder(tagged.map(({ path }) => path)));
    await reportResults(report, tagged, collection, title, context.signal);
    context.note(`The report is ${nameOf(report)}`);
  }
}

const nameOf = (path: string): string => relative('', path);
