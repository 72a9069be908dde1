export { AssetOutcomes, type OutcomesDependencies } from './asset.outcomes.js';
export { AssetSubmitter, type EnrolTarget, type Submission, type SubmittedPhoto } from './asset.submitter.js';
export { AssetTracker, type TrackerOptions } from './asset.tracker.js';
export { processBatch, type BatchDependencies, type BatchOptions } from './process-batch.js';
export { resumeAssets } from './resume-assets.js';
export { resumeIntake } from './resume-intake.js';
export { SharedEvents } from './shared.events.js';
