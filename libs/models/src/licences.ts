import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '@facelane/contracts';
import type { ModelFile } from './manifest.schema.js';
import { undefinedWhenMissing } from './when-missing.js';

const acceptanceSchema = z.strictObject({
  id: z.string(),
  spdx: z.string(),
  sha256: z.string(),
  acceptedAt: z.iso.datetime(),
});

/**
 * Lets a file through when its terms are permissive, were accepted before, or are accepted now; the acceptance is
 * recorded beside the files, one document each, and holds for exactly these bytes under these terms.
 *
 * @throws UsageError otherwise, with the terms.
 */
export async function requireLicence(cacheDir: string, file: ModelFile, accepted: readonly string[]): Promise<void> {
  if (await hasLicence(cacheDir, file)) return;
  if (!accepted.includes(file.id)) {
    throw new UsageError(
      `${file.id} is licensed under ${file.licence.spdx}, which restricts its use: ${file.licence.provenance}`,
      `Read the terms; if your use is allowed, accept them on the record with \`--accept-licence ${file.id}\`.`,
    );
  }
  const { id, sha256, licence } = file;
  const record = { id, spdx: licence.spdx, sha256, acceptedAt: new Date().toISOString() };
  await mkdir(folderIn(cacheDir), { recursive: true });
  await writeFile(recordPath(cacheDir, file), `${JSON.stringify(record, null, 2)}\n`);
}

/** Whether a file may be used as far as its terms are concerned: they are permissive, or were accepted on the record. */
export async function hasLicence(cacheDir: string, file: ModelFile): Promise<boolean> {
  return file.licence.permissive || (await wasAccepted(cacheDir, file));
}

async function wasAccepted(cacheDir: string, file: ModelFile): Promise<boolean> {
  const text = await readFile(recordPath(cacheDir, file), 'utf8').catch(undefinedWhenMissing);
  if (text === undefined) return false;
  const record = acceptanceSchema.parse(JSON.parse(text));
  return record.spdx === file.licence.spdx && record.sha256 === file.sha256;
}

const folderIn = (cacheDir: string): string => join(cacheDir, 'accepted-licences');
const recordPath = (cacheDir: string, file: ModelFile): string => join(folderIn(cacheDir), `${file.id}.json`);
