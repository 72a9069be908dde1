import { Writable } from 'node:stream';
import { createLogger, type Logger } from '@facelane/telemetry';

/** A log that is kept, and what it says. */
export class LogLines extends Writable {
  readonly records: Record<string, unknown>[] = [];
  readonly log: Logger = createLogger({ level: 'debug', format: 'json', destination: this });

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.records.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
    done();
  }
}
