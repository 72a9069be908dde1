import { WorkerModule } from '@facelane/runtime';
import { Module } from '@nestjs/common';

/** The worker of the embed stage. */
@Module({ imports: [WorkerModule.forStages(['embed'])] })
export class EmbedModule {}
