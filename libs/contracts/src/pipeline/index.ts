export {
  DELIVERIES,
  DELIVERY_TIMEOUT_MS,
  deliveryIdOf,
  type DeliveryJob,
  type DeliveryOutput,
  type EventDelivery,
  type FirstDeliveries,
  firstDeliveriesIdOf,
  MOST_TOGETHER,
} from './deliveries.js';
export type { AssetJob, DetectJob, EmbedJob, IngestJob, Lane, MatchJob, MatchOutput } from './jobs.schema.js';
export { ingestJobSchema, laneSchema } from './jobs.schema.js';
export { PIPELINE, type StageName } from './pipeline.js';
export {
  decodeProbeAnswer,
  encodeProbeAnswer,
  probeAnswerKey,
  probePhotoKey,
  PROBES,
  type ProbeAnswerHeader,
  type ProbeJob,
  type ProbeOutput,
} from './probes.js';
export { EVERY_STAGE, STAGES, TABLES, type AnyStageName } from './tables.js';
export { UPKEEP, type RebindJob, type RebindOutput } from './upkeep.js';
