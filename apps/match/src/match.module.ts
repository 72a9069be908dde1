import { WorkerModule } from '@facelane/runtime';
import { Module } from '@nestjs/common';

/** The worker of the match stage, and of the upkeep that puts assets back to it. */
@Module({ imports: [WorkerModule.forStages(['match', 'rebind'])] })
export class MatchModule {}
