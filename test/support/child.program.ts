import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));

/** A program of apps/ as a real process. */
export interface ChildProgram {
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Waits for a line of the log, or of standard output, that holds the text. */
  readonly says: (text: string) => Promise<void>;
  /** Sends the signal and resolves to the exit code, or to the signal that ended it. */
  readonly end: (signal: NodeJS.Signals) => Promise<number | string>;
  readonly ended: Promise<number | string>;
}

/** Nothing of the test's own environment reaches it but the path. */
export function startProgram(
  app: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): ChildProgram {
  const child = spawn(process.execPath, [join(DIST, 'apps', app, 'src', 'main.js'), ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  // A test run that ends early takes its programs along.
  const onExit = (): void => void child.kill('SIGKILL');
  process.once('exit', onExit);
  void ended.then(() => process.off('exit', onExit));
  return {
    stdout: () => stdout,
    stderr: () => stderr,
    says: (text) =>
      vi.waitFor(
        () => {
          if (!(stdout + stderr).includes(text)) throw new Error(`${app} has not said "${text}":\n${stdout}${stderr}`);
        },
        { timeout: 30_000 },
      ),
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
    ended,
  };
}
