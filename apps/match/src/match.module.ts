import { WorkerModule } from '@facelane/runtime';
import { Module } from '@nestjs/common';

/** The worker of the match stage. */
@Module({ imports: [WorkerModule.forStages(['match'])] })
export class MatchModule {}
