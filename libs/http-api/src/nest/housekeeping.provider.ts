import { RuntimeOptions } from '@facelane/boot';
import { OutboxSweeper, RetentionSweeper } from '@facelane/gallery';
import { PipelineBelt } from '@facelane/queue';
import { CollectionsRegistry } from '@facelane/registry';
import type { Provider } from '@nestjs/common';
import { choresOf } from '../housekeeping/chores.js';
import { Housekeeping } from '../housekeeping/housekeeping.service.js';
import { ProbeDesk } from '../probe/probe.desk.js';

export const housekeepingProvider: Provider = {
  provide: Housekeeping,
  inject: [ProbeDesk, RetentionSweeper, OutboxSweeper, CollectionsRegistry, PipelineBelt, RuntimeOptions],
  useFactory: (
    desk: ProbeDesk,
    retention: RetentionSweeper,
    outbox: OutboxSweeper,
    collections: CollectionsRegistry,
    { lease }: PipelineBelt,
    { log }: RuntimeOptions,
  ) => new Housekeeping(choresOf(desk, retention, outbox, collections), lease, log),
};
