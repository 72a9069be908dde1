import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import type { ChildTask } from './worker.child.js';

/** Compiled, since a process of its own runs without the test runner's loader. */
const SCRIPT = fileURLToPath(new URL('../../../../dist/libs/queue/src/testing/worker.child.js', import.meta.url));

export interface ChildWorker {
  /** Waits until it has begun that many jobs. */
  started(count: number): Promise<void>;
  /** Resolves to the exit code, or to the signal that ended it. */
  end(signal: NodeJS.Signals): Promise<number | string>;
  readonly ended: Promise<number | string>;
}

export function startChild(task: ChildTask): ChildWorker {
  const child = spawn(process.execPath, [SCRIPT, JSON.stringify(task)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string);
  return {
    started: (count) =>
      vi.waitFor(
        () => {
          if (output.split('\n').length - 1 < count) throw new Error(`Begun so far: ${output}`);
        },
        { timeout: 20_000 },
      ),
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
    ended,
  };
}
