import { FacelaneProblem, FacelaneUnreachable } from '@facelane/client';
import { StageError, UsageError } from '@facelane/contracts';
import { SYSTEM_FAILURES, isInterruption, systemCode } from './exit-codes.js';
import { painter } from './tables/table.js';
import { plainLine } from './terminal.text.js';

export interface PrintErrorOptions {
  /** process.stderr fits. */
  readonly stderr: { write(text: string): unknown };
  /** Also prints the stack and the causes. Default false. */
  readonly debug?: boolean;
  /** Default false. */
  readonly color?: boolean;
}

/** What happened and what to do about it, as two sentences; never a stack trace unless it was asked for. */
export function printError(error: unknown, { stderr, debug = false, color = false }: PrintErrorOptions): void {
  const { happened, remedy } = explain(error);
  stderr.write(`${painter(color)(sentence(happened), 'bad')}\n${sentence(remedy)}\n`);
  if (debug) for (const line of chain(error)) stderr.write(`${painter(color)(line, 'dim')}\n`);
}

export interface Explanation {
  readonly happened: string;
  readonly remedy: string;
}

export function explain(error: unknown): Explanation {
  if (isInterruption(error)) {
    return { happened: 'Interrupted', remedy: 'Run the same command again to go on; finished photos are kept' };
  }
  if (error instanceof StageError)
    return { happened: `${error.message.replace(/\.$/, '')} (${error.code})`, remedy: error.remedy };
  if (error instanceof FacelaneProblem)
    return { happened: `${error.detail.replace(/\.$/, '')} (${error.code})`, remedy: error.remedy };
  if (error instanceof FacelaneUnreachable) {
    return { happened: `No API answers at ${error.origin}`, remedy: 'Start it (npm start), or correct FACELANE_URL' };
  }
  if (error instanceof UsageError) return { happened: error.message, remedy: error.remedy };
  const happened = messageOf(error);
  const code = systemCode(error);
  if (code !== undefined) return { happened, remedy: SYSTEM_FAILURES[code]! };
  return {
    happened,
    remedy: 'This is a defect of the program: please report it; run with LOG_LEVEL=debug to see more',
  };
}

/** Connecting to a name with several addresses fails with an empty message and the reasons inside. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  if (error instanceof Error) return error.message === '' ? error.name : error.message;
  return typeof error === 'string' ? error : 'Something was thrown that is not an error';
}

function chain(error: unknown): readonly string[] {
  const lines: string[] = [];
  for (let at: unknown = error; at instanceof Error && lines.length < 10; at = at.cause) {
    lines.push(`${lines.length === 0 ? '' : 'Caused by: '}${at.stack ?? at.message}`);
  }
  return lines;
}

/** One line with a capital and a full stop. */
function sentence(text: string): string {
  const line = plainLine(text);
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
