import { ALL_STAGES, WorkerModule } from '@facelane/runtime';
import { Module } from '@nestjs/common';

/** Every stage in one process. */
@Module({ imports: [WorkerModule.forStages(ALL_STAGES)] })
export class StandaloneModule {}
