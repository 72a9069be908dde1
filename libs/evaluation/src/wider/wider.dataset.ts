import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '@facelane/contracts';

/** The subsets of WIDER FACE, from faces that are found easily to all but the smallest. */
export const WIDER_SETTINGS = ['easy', 'medium', 'hard'] as const;
export type WiderSetting = (typeof WIDER_SETTINGS)[number];

const indexes = z.array(z.int().min(0)).readonly();
const photoSchema = z
  .strictObject({
    /** Left, top, width, height of every labelled face, pixels. */
    boxes: z.array(z.tuple([z.number(), z.number(), z.number(), z.number()]).readonly()).readonly(),
    /** Which of the boxes count in a setting, from 0; all others are ignored in it. */
    easy: indexes,
    medium: indexes,
    hard: indexes,
  })
  .refine(
    (photo) => WIDER_SETTINGS.every((setting) => photo[setting].every((index) => index < photo.boxes.length)),
    'a setting names a box that is not there',
  );

export type WiderPhoto = z.output<typeof photoSchema>;

/**
 * Reads gt.json of a folder in the manner of WIDER FACE, an object from file name (below images/) to labels.
 *
 * @throws UsageError that names the file and what is wrong with it.
 */
export async function readWiderLabels(directory: string): Promise<ReadonlyMap<string, WiderPhoto>> {
  const path = join(directory, 'gt.json');
  const remedy = 'Name a folder with gt.json beside images/; models/README.md describes it.';
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`The labels ${path} cannot be read.`, remedy, { cause });
  });
  const parsed = z.record(z.string(), photoSchema).safeParse(parseJson(text));
  if (parsed.success) return new Map(Object.entries(parsed.data));
  throw new UsageError(`${path} does not hold labels of faces:\n${z.prettifyError(parsed.error)}`, remedy);
}

/** What is no JSON at all is refused by the schema, like any other content. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
