/** What progress is written to; process.stderr fits. */
export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** `live`: lines redrawn in place. `plain`: a new line now and then, for logs and pipes. `silent`: nothing. */
export type ProgressMode = 'live' | 'plain' | 'silent';

export interface ProgressChoice {
  readonly quiet?: boolean;
  /** A script reads the results; it has no use for progress. */
  readonly json?: boolean;
}

export function progressMode(
  stream: ProgressStream,
  { quiet = false, json = false }: ProgressChoice = {},
): ProgressMode {
  if (quiet || json) return 'silent';
  return stream.isTTY === true ? 'live' : 'plain';
}

export interface ProgressOptions {
  readonly stream: ProgressStream;
  readonly mode: ProgressMode;
  /** Whether to use ANSI colours. Default false. */
  readonly color?: boolean;
  /** Milliseconds from any start. Default performance.now. */
  readonly now?: () => number;
}
