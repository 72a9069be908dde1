import { WorkerModule } from '@facelane/runtime';
import { Module } from '@nestjs/common';

/** The worker of the ingest stage. */
@Module({ imports: [WorkerModule.forStages(['ingest'])] })
export class IngestModule {}
