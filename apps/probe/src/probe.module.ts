import { WorkerModule } from '@facelane/runtime';
import { Module } from '@nestjs/common';

/** The worker that answers questions about single photos. */
@Module({ imports: [WorkerModule.forStages(['probe'])] })
export class ProbeModule {}
