import type { OnApplicationShutdown } from '@nestjs/common';

/**
 * What an application holds open. Let go of in the reverse order when it stops, and also when its start fails half
 * way: Nest gives no application to close then, and an open connection would keep the process alive for ever.
 */
export class OpenResources implements OnApplicationShutdown {
  private readonly closers: (() => Promise<void>)[] = [];

  /** Registers a resource before it is open, so that one which opens after a failure elsewhere is closed as well. */
  async open<T>(opening: T | Promise<T>, close: (opened: T) => Promise<void>): Promise<T> {
    const settled = Promise.resolve(opening);
    this.closers.push(() => settled.then(close, () => undefined));
    return settled;
  }

  async closeAll(): Promise<void> {
    const failures: unknown[] = [];
    for (let close = this.closers.pop(); close !== undefined; close = this.closers.pop()) {
      await close().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw new AggregateError(failures, 'Not everything could be closed.');
  }

  /** After every worker has drained (beforeApplicationShutdown). */
  async onApplicationShutdown(): Promise<void> {
    await this.closeAll();
  }
}
