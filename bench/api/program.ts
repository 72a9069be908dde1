import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DIST = fileURLToPath(new URL('../../', import.meta.url));
const HEAP_PROBE = fileURLToPath(new URL('../../../bench/api/heap.probe.mjs', import.meta.url));

/** A program of apps/ that is measured from outside, as its users meet it. */
export interface MeasuredProgram {
  readonly address: string;
  /** Bytes in its heap after a garbage collection. */
  heapBytes(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts it and waits until its API listens. */
export async function startMeasured(app: string, env: Readonly<Record<string, string>>): Promise<MeasuredProgram> {
  const child = spawn(
    process.execPath,
    ['--expose-gc', '--import', HEAP_PROBE, join(DIST, 'apps', app, 'src', 'main.js')],
    // eslint-disable-next-line no-restricted-properties -- a child needs the path, and nothing else of ours
    { env: { PATH: process.env['PATH'], LOG_LEVEL: 'info', ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let stderr = '';
  const heaps: ((bytes: number) => void)[] = [];
  const address = Promise.withResolvers<string>();
  child.stdout.on('data', (chunk: Buffer) => {
    for (const [, bytes] of chunk.toString().matchAll(/^heap (\d+)$/gm)) heaps.shift()?.(Number(bytes));
  });
  child.stderr.on('data', (chunk: Buffer) => {
    // Only the start of the log is kept: it is one line per request later.
    if (stderr.length < 100_000) stderr += chunk.toString();
    const [, found] = /"address":"([^"]+)"/.exec(stderr) ?? [];
    if (found !== undefined) address.resolve(found);
  });
  child.once('exit', (code) => address.reject(new Error(`${app} ended with ${String(code)}:\n${stderr}`)));
  return {
    address: await address.promise,
    heapBytes: () =>
      new Promise((resolve) => {
        heaps.push(resolve);
        child.kill('SIGUSR2');
      }),
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
