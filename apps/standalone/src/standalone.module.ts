import { HttpApiModule } from '@facelane/http-api';
import { ALL_STAGES, FeederModule, WorkerModule } from '@facelane/runtime';
import { Module } from '@nestjs/common';

/** Every stage, the feeder of bulk jobs and the API in one process. */
@Module({ imports: [WorkerModule.forStages(ALL_STAGES), FeederModule, HttpApiModule] })
export class StandaloneModule {}
