import { PortsModule, RuntimeOptions } from '@facelane/boot';
import { PIPELINE, type StageName } from '@facelane/contracts';
import { type NamedHandler, PipelineBelt } from '@facelane/queue';
import { FailureRecorder } from '@facelane/stages';
import { HAND_OVER_BYTES, HandOver } from '@facelane/registry';
import { type DynamicModule, Module } from '@nestjs/common';
import { analyserProvider, embedderProvider, sharedProviders, STAGE_WIRING } from './handler.providers.js';
import { InferenceModule } from './inference.module.js';
import { StageWorkers } from './stage-workers.service.js';

export const ALL_STAGES: readonly StageName[] = PIPELINE.order;

/** The application of a worker process: the stages it runs, and no more of the product than they need. */
@Module({})
export class WorkerModule {
  static forStages(stages: readonly StageName[]): DynamicModule {
    const wirings = stages.map((stage) => STAGE_WIRING[stage]);
    const infers = wirings.some((wiring) => wiring.infers);
    const workers = {
      provide: StageWorkers,
      inject: [PipelineBelt, FailureRecorder, RuntimeOptions, ...wirings.map(({ token }) => token)],
      useFactory: (
        belt: PipelineBelt,
        failures: FailureRecorder,
        runtime: RuntimeOptions,
        ...handlers: NamedHandler[]
      ) => new StageWorkers(stages, handlers, belt, failures, runtime),
    };
    // A stage alone in its process has nobody here to hand anything to.
    const handOver = { provide: HandOver, useValue: new HandOver(stages.length > 1 ? HAND_OVER_BYTES : 0) };
    return {
      module: WorkerModule,
      imports: [PortsModule, ...(infers ? [InferenceModule] : [])],
      providers: [
        handOver,
        ...sharedProviders,
        ...(infers ? [analyserProvider, embedderProvider] : []),
        ...wirings.map(({ handler }) => handler),
        workers,
      ],
    };
  }
}
