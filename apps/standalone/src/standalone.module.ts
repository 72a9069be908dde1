import { HttpApiModule } from '@facelane/http-api';
import { ALL_STAGES, DispatcherModule, FeederModule, WorkerModule } from '@facelane/runtime';
import { Module } from '@nestjs/common';

/** Every stage, the feeder of bulk jobs, the dispatcher of events and the API in one process. */
@Module({ imports: [WorkerModule.forStages(ALL_STAGES), FeederModule, DispatcherModule, HttpApiModule] })
export class StandaloneModule {}
