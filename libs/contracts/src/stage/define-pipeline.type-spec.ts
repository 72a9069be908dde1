/**
 * The compiler is the test: every `@ts-expect-error` below must be an error, or the build fails.
 */
import { z } from 'zod';
import { definePipeline } from './define-pipeline.js';
import { defineStage } from './define-stage.js';
import type { PipelineHandlers } from './handler.js';

const common = {
  version: 1,
  summary: 'A stage of a test.',
  retry: { attempts: 1, baseDelayMs: 0, maxDelayMs: 0 },
  timeoutMs: 1,
  lockMs: 1,
  concurrency: 1,
};
const word = z.strictObject({ word: z.string() });
const count = z.strictObject({ count: z.number() });

const read = defineStage({ ...common, name: 'read', input: word, output: count, next: 'add' });
const add = defineStage({ ...common, name: 'add', input: count, output: count, next: null });

export const pipeline = definePipeline({ read, add });

// @ts-expect-error `add` is not in the pipeline, so read's next is unknown
definePipeline({ read });

const wrongOutput = defineStage({ ...common, name: 'read', input: word, output: word, next: 'add' });
// @ts-expect-error the output of read does not fit the input of add
definePipeline({ read: wrongOutput, add });

// @ts-expect-error the key must be the stage's own name
definePipeline({ reed: read, add });

type Handlers = PipelineHandlers<typeof pipeline>;

export const complete: Handlers = {
  read: ({ word: text }) => Promise.resolve({ count: text.length }),
  add: ({ count: n }) => Promise.resolve({ count: n + 1 }),
};

// @ts-expect-error the handler of add is missing
export const incomplete: Handlers = { read: complete.read };

export const wrongReturn: Handlers = {
  ...complete,
  // @ts-expect-error a handler must return what its stage declares
  add: () => Promise.resolve({ count: 'one' }),
};

export const wrongInput: Handlers = {
  ...complete,
  // @ts-expect-error a handler is given what its stage declares, nothing else
  add: ({ total }) => Promise.resolve({ count: total as number }),
};
