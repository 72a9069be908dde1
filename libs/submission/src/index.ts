export { AssetSubmitter, type EnrolTarget, type Submission, type SubmittedPhoto } from './asset.submitter.js';
export { processBatch, type BatchDependencies, type BatchOptions } from './process-batch.js';
export { resumeAssets } from './resume-assets.js';
export { resumeIntake } from './resume-intake.js';
