import type { Config } from '@facelane/config';
import type { StageRun } from '@facelane/queue';
import type { Logger } from '@facelane/telemetry';

/** What a process is started with. One instance per application; its class is the injection token. */
export class RuntimeOptions {
  constructor(
    readonly config: Config,
    readonly log: Logger,
    /** Told after every run of every stage in this process. */
    readonly onRun?: (run: StageRun) => void,
  ) {}
}
