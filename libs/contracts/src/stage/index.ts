export {
  definePipeline,
  type AnyPipeline,
  type Pipeline,
  type StageInput,
  type StageOutput,
} from './define-pipeline.js';
export { defineStage, jobIdOf, queueNameOf, type StageDeclaration } from './define-stage.js';
export type { PipelineHandlers, StageContext, StageHandler } from './handler.js';
export { Postponement } from './postponement.js';
export { retryDelayMs, retryPolicySchema, type RetryPolicy } from './retry-policy.js';
