import type { EventDispatcher } from '@facelane/events';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';

/** Turns events into deliveries from the moment the application is up until it is asked to stop. */
export class DispatcherLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(private readonly dispatcher: EventDispatcher) {}

  /** Does not wait for Redis: logs are followed whenever it is there. */
  onApplicationBootstrap(): void {
    this.dispatcher.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.dispatcher.stop();
  }
}
