import { DispatcherModule, WorkerModule } from '@facelane/runtime';
import { Module } from '@nestjs/common';

/** Turns events into deliveries, and delivers them to webhook endpoints. */
@Module({ imports: [WorkerModule.forStages(['delivery']), DispatcherModule] })
export class NotifyModule {}
