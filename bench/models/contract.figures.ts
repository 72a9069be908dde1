import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { ComponentTimes } from './component.times.js';

const CLI = fileURLToPath(new URL('../../apps/cli/src/main.js', import.meta.url));
const MOST_OUTPUT = 64 * 1024 * 1024;

const lfwSchema = z.object({
  contract: z.string(),
  protocol: z.string(),
  accuracy: z.number(),
  /** By the contract's comparer instead of the cosine. */
  comparer: z.object({ accuracy: z.number() }).optional(),
  standardError: z.number().optional(),
  photosWithoutFace: z.int(),
  photos: z.int(),
  allPairs: z.object({ points: z.array(z.object({ limit: z.number(), tar: z.number(), threshold: z.number() })) }),
});
const widerSchema = z.object({
  contract: z.string(),
  photos: z.int(),
  averagePrecision: z.object({ easy: z.number(), medium: z.number(), hard: z.number() }),
});

export type LfwFigures = z.output<typeof lfwSchema>;
export type WiderFigures = z.output<typeof widerSchema>;

/** What the tables say of a contract beside its figures. */
export interface ContractDescription {
  /** What finds faces, and what finds their points. */
  readonly detector: string;
  readonly detectorLicence: string;
  readonly embedder: string;
  readonly embedderLicence: string;
  /** Values of a vector. */
  readonly values: number;
}

/** What is known of a contract; absent what was not measured. */
export interface ContractFigures {
  /** Of a contract that the shipped manifest does not have. */
  readonly brought?: ContractDescription | undefined;
  readonly lfw?: LfwFigures | undefined;
  readonly wider?: WiderFigures | undefined;
  readonly times?: ComponentTimes | undefined;
}

/** `facelane eval lfw` with the contract. */
export const evalLfw = async (contract: string, directory: string, manifest?: string): Promise<LfwFigures> =>
  lfwSchema.parse(await evaluate(contract, 'lfw', directory, manifest));

/** `facelane eval wider` with the contract. */
export const evalWider = async (contract: string, directory: string, manifest?: string): Promise<WiderFigures> =>
  widerSchema.parse(await evaluate(contract, 'wider', directory, manifest));

async function evaluate(
  contract: string,
  what: string,
  directory: string,
  manifest: string | undefined,
): Promise<unknown> {
  const own = manifest === undefined ? {} : { MODELS_MANIFEST: manifest };
  // eslint-disable-next-line no-restricted-properties -- the program's own settings are the caller's, but for the contract
  const env = { ...process.env, MODELS_CONTRACT: contract, ...own };
  const args = [CLI, 'eval', what, directory, '--json', '--quiet'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, maxBuffer: MOST_OUTPUT });
  return JSON.parse(stdout);
}
