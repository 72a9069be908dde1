import { PortsModule } from '@facelane/boot';
import { FaceIndex } from '@facelane/face-index';
import { ObjectStore } from '@facelane/object-store';
import { PipelineBelt } from '@facelane/queue';
import { Module } from '@nestjs/common';
import { HealthController } from './health/health.controller.js';
import { Readiness } from './health/readiness.js';

/** HTTP in front of the pipeline; health only for now. */
@Module({
  imports: [PortsModule],
  controllers: [HealthController],
  providers: [
    {
      provide: Readiness,
      inject: [PipelineBelt, ObjectStore, FaceIndex],
      useFactory: (belt: PipelineBelt, store: ObjectStore, index: FaceIndex) => new Readiness(belt, store, index),
    },
  ],
})
export class ApiModule {}
