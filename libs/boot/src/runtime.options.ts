import type { Config } from '@facelane/config';
import { LaneGate, type StageRun } from '@facelane/queue';
import type { Logger } from '@facelane/telemetry';

/** What a process is started with. One instance per application; its class is the injection token. */
export class RuntimeOptions {
  /** One for all that runs here, since all of it shares the processors. */
  readonly gate = new LaneGate();

  constructor(
    readonly config: Config,
    readonly log: Logger,
    /** Told after every run of every stage in this process. */
    readonly onRun?: (run: StageRun) => void,
  ) {}
}
