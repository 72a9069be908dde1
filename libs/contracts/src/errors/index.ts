export { ERROR_CODES, type ErrorCode } from './error-codes.js';
export { StageError, toStageError, type Retry, type StageErrorOptions } from './stage-error.js';
export { EnvironmentError, UsageError } from './usage-error.js';
