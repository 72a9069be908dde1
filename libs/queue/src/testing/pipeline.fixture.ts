import { definePipeline, defineStage, type StageDeclaration } from '@facelane/contracts';
import { z } from 'zod';

export const wordSchema = z.strictObject({
  assetId: z.string(),
  lane: z.enum(['interactive', 'bulk']),
  word: z.string(),
});
export const endSchema = z.strictObject({ assetId: z.string() });
export type Word = z.output<typeof wordSchema>;

const common = {
  version: 1,
  summary: 'A stage of a test.',
  retry: { attempts: 3, baseDelayMs: 2, maxDelayMs: 8 },
  timeoutMs: 20_000,
  lockMs: 2_000,
  concurrency: 4,
} satisfies Partial<StageDeclaration>;

/** first → second → last, quick to retry. */
export const CHAIN = definePipeline({
  first: defineStage({ ...common, name: 'first', input: wordSchema, output: wordSchema, next: 'second' }),
  second: defineStage({ ...common, name: 'second', input: wordSchema, output: wordSchema, next: 'last' }),
  last: defineStage({ ...common, name: 'last', input: wordSchema, output: endSchema, next: null }),
});

/** A table of its own, whose failures are forgotten. */
export const ASIDE = definePipeline({
  aside: defineStage({ ...CHAIN.stages.last, name: 'aside', forgetFailedAfterMs: 60_000 }),
});

export type ChainStage = keyof typeof CHAIN.stages;

export const word = (assetId: string, more: Partial<Word> = {}): Word => ({
  assetId,
  lane: 'interactive',
  word: 'hello',
  ...more,
});
