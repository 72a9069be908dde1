import { Belts, PortsModule, RuntimeOptions } from '@facelane/boot';
import { type AnyStageName, EVERY_STAGE, PIPELINE } from '@facelane/contracts';
import { type NamedHandler } from '@facelane/queue';
import { FailureRecorder } from '@facelane/stages';
import { HAND_OVER_BYTES, HandOver } from '@facelane/registry';
import { type DynamicModule, Module } from '@nestjs/common';
import { analyserProvider, embedderProvider, sharedProviders, sourcesProvider } from './handler.providers.js';
import { ComparerModule } from './comparer.module.js';
import { InferenceModule } from './inference.module.js';
import { STAGE_WIRING } from './stage.wiring.js';
import { StageWorkers } from './stage-workers.service.js';

/** Every stage of every table. */
export const ALL_STAGES: readonly AnyStageName[] = EVERY_STAGE;

/** What a session runs: nobody asks it questions from outside, so it answers no probes. */
export const SESSION_STAGES: readonly AnyStageName[] = [...PIPELINE.order, 'rebind'];

/** The application of a worker process: the stages it runs, and no more of the product than they need. */
@Module({})
export class WorkerModule {
  static forStages(stages: readonly AnyStageName[]): DynamicModule {
    const wirings = stages.map((stage) => STAGE_WIRING[stage]);
    const infers = wirings.some((wiring) => wiring.infers);
    const decides = wirings.some((wiring) => wiring.decides);
    const fetches = wirings.some((wiring) => wiring.fetches);
    const workers = {
      provide: StageWorkers,
      inject: [Belts, FailureRecorder, RuntimeOptions, ...wirings.map(({ token }) => token)],
      useFactory: (belts: Belts, failures: FailureRecorder, runtime: RuntimeOptions, ...handlers: NamedHandler[]) =>
        new StageWorkers(stages, handlers, belts, failures, runtime),
    };
    // Only what belongs to the pipeline hands on, and a stage of it alone in its process has nobody here to hand to.
    const inPipeline = stages.filter((stage) => stage in PIPELINE.stages);
    const handOver = { provide: HandOver, useValue: new HandOver(inPipeline.length > 1 ? HAND_OVER_BYTES : 0) };
    return {
      module: WorkerModule,
      imports: [PortsModule, ...(infers ? [InferenceModule] : []), ...(decides ? [ComparerModule] : [])],
      providers: [
        handOver,
        ...sharedProviders,
        ...(infers ? [analyserProvider, embedderProvider] : []),
        ...(fetches ? [sourcesProvider] : []),
        ...wirings.map(({ handler }) => handler),
        workers,
      ],
    };
  }
}
