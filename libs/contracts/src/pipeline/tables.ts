import { DELIVERIES } from './deliveries.js';
import { PIPELINE } from './pipeline.js';
import { PROBES } from './probes.js';
import { UPKEEP } from './upkeep.js';

/** Every table of stages, in the order in which they are shown. */
export const TABLES = [PIPELINE, PROBES, UPKEEP, DELIVERIES] as const;

/** The stages of all tables. A stage's name is its own in all of them. */
export const STAGES = { ...PIPELINE.stages, ...PROBES.stages, ...UPKEEP.stages, ...DELIVERIES.stages } as const;

/** A stage of any table; `StageName` is one of the pipeline's. */
export type AnyStageName = keyof typeof STAGES;

/** Every stage, table by table. */
export const EVERY_STAGE: readonly AnyStageName[] = TABLES.flatMap((table): readonly AnyStageName[] => table.order);
