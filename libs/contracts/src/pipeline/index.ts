export type { AssetJob, DetectJob, EmbedJob, IngestJob, Lane, MatchJob, MatchOutput } from './jobs.schema.js';
export { ingestJobSchema } from './jobs.schema.js';
export { PIPELINE, type StageName } from './pipeline.js';
