import { readFile } from 'node:fs/promises';
import { type QualityGates, qualityGatesSchema, UsageError } from '@facelane/contracts';
import type { z } from 'zod';

const REMEDY =
  'Write them as `qualityBars` of a collection: { "match": { "minSide": 30, "minUtility": 70 } }, see docs/quality.md.';

/**
 * Bars of quality in a file of JSON, shaped as `qualityBars` of a collection; undefined where no file is named.
 *
 * @throws UsageError when it cannot be read, is no JSON, or has a bar that there is none of or a value out of range; it
 * names the field.
 */
export async function readBars(path: string | undefined): Promise<QualityGates | undefined> {
  if (path === undefined) return undefined;
  const parsed = qualityGatesSchema.safeParse(parseJson(path, await readText(path)));
  if (parsed.success) return parsed.data;
  throw new UsageError(`${path} holds no bars of quality: ${objectionOf(parsed.error)}.`, REMEDY);
}

/** The first thing that is wrong, by its field. */
function objectionOf({ issues: [issue] }: z.ZodError): string {
  const path = issue?.path ?? [];
  if (issue?.code === 'unrecognized_keys') return `${[...path, issue.keys[0]].join('.')} is unknown`;
  const what = issue?.message ?? 'it is none';
  return path.length === 0 ? what : `${path.join('.')}: ${what}`;
}

const readText = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`${path} cannot be read.`, 'Name a file of JSON with --bars.', { cause });
  });

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${path} is no JSON: ${(cause as Error).message}.`, REMEDY, { cause });
  }
}
