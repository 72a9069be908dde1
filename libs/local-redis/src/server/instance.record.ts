import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const recordSchema = z.object({
  port: z.int().positive(),
  password: z.string().min(1),
});

/** How another process of the same user finds the running server of a data folder. */
export type InstanceRecord = z.infer<typeof recordSchema>;

const pathIn = (dir: string): string => join(dir, 'instance.json');

/** Undefined when there is none, or when it is damaged: a record is a hint that the server itself must confirm. */
export async function readRecord(dir: string): Promise<InstanceRecord | undefined> {
  try {
    return recordSchema.safeParse(JSON.parse(await readFile(pathIn(dir), 'utf8'))).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

export async function writeRecord(dir: string, record: InstanceRecord): Promise<void> {
  const path = pathIn(dir);
  await writeFile(`${path}.new`, `${JSON.stringify(record)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

export async function removeRecord(dir: string): Promise<void> {
  await rm(pathIn(dir), { force: true });
}
