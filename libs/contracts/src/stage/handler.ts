import type { AnyPipeline, StageInput, StageOutput } from './define-pipeline.js';
import type { StageDeclaration } from './define-stage.js';

/** What a handler may know about the run it is part of. */
export interface StageContext {
  /** Aborts on timeout and when the worker must hand the job back. Pass it to whatever can wait. */
  readonly signal: AbortSignal;
  /** 1 for the first run. */
  readonly attempt: number;
}

/**
 * The work of one stage: input in, output out. Throws StageError for what it understands; any other error is
 * retried with backoff. "No face found" is an output, not an error. A Postponement puts the job back until later.
 */
export type StageHandler<S extends StageDeclaration> = (
  input: StageInput<S>,
  context: StageContext,
) => Promise<StageOutput<S>>;

/** A handler for every stage: leaving one out does not compile. */
export type PipelineHandlers<P extends AnyPipeline> = {
  readonly [K in keyof P['stages']]: StageHandler<P['stages'][K]>;
};
