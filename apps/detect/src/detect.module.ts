import { WorkerModule } from '@facelane/runtime';
import { Module } from '@nestjs/common';

/** The worker of the detect stage. */
@Module({ imports: [WorkerModule.forStages(['detect'])] })
export class DetectModule {}
