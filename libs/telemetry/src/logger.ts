import { destination as openDestination, pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { LogConfig } from '@facelane/config';

export type { Logger } from 'pino';

export interface LoggerOptions extends LogConfig {
  /** Where lines go. Default: standard error, so that standard output stays for results. */
  readonly destination?: NodeJS.WritableStream;
}

/** Field names whose values never reach a log, at the top and one level down. */
const SECRET_FIELDS = ['password', 'secret', 'apiKey', 'secretAccessKey', 'authorization', 'token', 'url'] as const;
const STDERR = 2;

/**
 * The root of all loggers of a process. Components take a child: `logger.child({ component: 'detect' })`.
 *
 * Lines hold keys and counts, never photos, vectors, names or secrets; what slips through under a telling field
 * name is replaced by `[redacted]`. URLs count as secrets since theirs may hold a password: log the host.
 */
export function createLogger({ level, format, destination }: LoggerOptions): Logger {
  const stream =
    format === 'pretty' ? prettyStream(destination) : (destination ?? openDestination({ fd: STDERR, sync: true }));
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]), censor: '[redacted]' },
    },
    stream,
  );
}

function prettyStream(destination: NodeJS.WritableStream | undefined): DestinationStream {
  return pretty({
    destination: destination ?? STDERR,
    sync: true,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'component',
    messageFormat: '{if component}{component}: {end}{msg}',
  });
}
