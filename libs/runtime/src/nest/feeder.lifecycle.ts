import type { FeederService } from '@facelane/bulk';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';

/** Feeds bulk jobs from the moment the application is up until it is asked to stop. */
export class FeederLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(readonly feeder: FeederService) {}

  /** Does not wait for Redis: jobs are taken whenever it is there. */
  onApplicationBootstrap(): void {
    this.feeder.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.feeder.stop();
  }
}
