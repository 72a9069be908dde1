import { relative } from 'node:path';
import type { CliContext } from '../cli.context.js';
import type { LocalSession } from '../local.session.js';
import { annotateResults } from '../output/annotate.results.js';
import { type ResultRow, summarize } from '../output/summary.js';
import { resultsTable } from '../output/tables/results.table.js';
import { type PhotoResult, runBatch } from '../photo.batch.js';
import { EXIT_OK, EXIT_SOME_FAILED, LOCAL_TENANT } from './command.js';
import { enrolmentText, enrolPeople } from './enrol.people.js';

export interface TagOptions {
  readonly collection: string;
  readonly people?: string;
  readonly annotate?: string;
  readonly report?: string;
}

/** Enrols, tags, prints and draws. */
export async function tagPhotos(
  context: CliContext,
  local: LocalSession,
  flags: TagOptions,
  photos: readonly string[],
): Promise<{ exitCode: number; rows: readonly ResultRow[] }> {
  const collection = await local.session.ensureCollection(LOCAL_TENANT, flags.collection);
  if (flags.people !== undefined) {
    const enrolled = await enrolPeople(context, local, collection, flags.people);
    context.note(enrolmentText(enrolled, nameOf));
  }
  context.note(`Tagging ${photos.length} photos`);
  const results = await runBatch(
    context,
    local,
    collection,
    photos.map((path) => ({ path })),
  );
  const rows = results.map(({ path, result }): ResultRow => ({ file: nameOf(path), result }));
  if (context.json) {
    for (const row of rows) context.print(JSON.stringify({ type: 'photo', ...row }));
    context.print(JSON.stringify({ type: 'summary', ...summarize(rows) }));
  } else {
    context.print(resultsTable(rows, context.style));
  }
  await draw(context, flags, results);
  const failed = rows.some(({ result }) => result.state === 'failed');
  return { exitCode: failed ? EXIT_SOME_FAILED : EXIT_OK, rows };
}

async function draw(context: CliContext, flags: TagOptions, results: readonly PhotoResult[]): Promise<void> {
  if (flags.annotate !== undefined) {
    const written = await annotateResults(flags.annotate, results, context.signal);
    context.note(`${written} annotated photos are in ${flags.annotate}`);
  }
}

const nameOf = (path: string): string => relative('', path);
