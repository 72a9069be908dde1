import { HttpApiModule } from '@facelane/http-api';
import { ALL_STAGES, WorkerModule } from '@facelane/runtime';
import { Module } from '@nestjs/common';

/** Every stage and the API in one process. */
@Module({ imports: [WorkerModule.forStages(ALL_STAGES), HttpApiModule] })
export class StandaloneModule {}
