import type { Config } from '@facelane/config';
import type { Logger } from '@facelane/telemetry';
import { progressMode, type ProgressMode } from './output/progress/progress.mode.js';
import type { TableStyle } from './output/tables/table.js';

/** Flags that every command understands. */
export interface CommonFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** What a command works with; nothing else of the process is its business. */
export interface CliContext {
  readonly config: Config;
  readonly log: Logger;
  /** Results. Progress and remarks go to stderr, so that a pipe gets results only. */
  readonly print: (text: string) => void;
  readonly note: (text: string) => void;
  readonly style: TableStyle;
  readonly progress: ProgressMode;
  readonly json: boolean;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
}

export function createContext(
  flags: CommonFlags,
  surroundings: Pick<CliContext, 'config' | 'log' | 'signal'>,
): CliContext {
  const { json = false, quiet = false } = flags;
  return {
    ...surroundings,
    print: (text) => void process.stdout.write(`${text}\n`),
    note: (text) => {
      if (!quiet && !json)
        process.stderr.write(`${text}
`);
    },
    style: { color: process.stdout.isTTY && process.stdout.hasColors(), width: process.stdout.columns || 80 },
    progress: progressMode(process.stderr, { quiet, json }),
    json,
  };
}
