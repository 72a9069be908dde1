import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const APPS = fileURLToPath(new URL('../apps', import.meta.url));
const ENTRYPOINT = fileURLToPath(new URL('../../deploy/docker/entrypoint.sh', import.meta.url));
const HEAP_PROBE = fileURLToPath(new URL('../../bench/heap.probe.mjs', import.meta.url));

/** A program of apps/ that is measured from outside, as its users meet it. */
export interface MeasuredProgram {
  /** Of its API; empty where the program was waited for by other words. */
  readonly address: string;
  /** Memory it holds now, bytes. */
  rssBytes(): Promise<number>;
  /** Bytes in its heap after a garbage collection. */
  heapBytes(): Promise<number>;
  stop(): Promise<void>;
  /** With SIGKILL. */
  kill(): Promise<void>;
}

/** The API's first words; what is in the parentheses is its address. */
const LISTENS = /"address":"([^"]+)"/;

/** Starts it as its image does and waits until its log says that it is up. */
export async function startMeasured(
  app: string,
  env: Readonly<Record<string, string>>,
  says: RegExp = LISTENS,
): Promise<MeasuredProgram> {
  // eslint-disable-next-line no-restricted-properties -- a child needs the path, and nothing else of ours
  const PATH = [dirname(process.execPath), process.env['PATH']].join(delimiter);
  const own = { PATH, FACELANE_APPS: APPS, NODE_OPTIONS: `--import ${HEAP_PROBE}`, LOG_LEVEL: 'info' };
  const child = spawn('sh', [ENTRYPOINT, app], { env: { ...own, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  const heaps: ((bytes: number) => void)[] = [];
  const address = Promise.withResolvers<string>();
  child.stdout.on('data', (chunk: Buffer) => {
    for (const [, bytes] of chunk.toString().matchAll(/^heap (\d+)$/gm)) heaps.shift()?.(Number(bytes));
  });
  child.stderr.on('data', (chunk: Buffer) => {
    // Only the start of the log is kept: it is one line per request later.
    if (stderr.length < 100_000) stderr += chunk.toString();
    const found = says.exec(stderr);
    if (found !== null) address.resolve(found[1] ?? '');
  });
  child.once('exit', (code) => address.reject(new Error(`${app} ended with ${String(code)}:\n${stderr}`)));
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  return {
    address: await address.promise,
    rssBytes: () => residentBytes(child.pid!),
    heapBytes: () =>
      new Promise((resolve) => {
        heaps.push(resolve);
        child.kill('SIGUSR2');
      }),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

/** `ps` counts in KiB, on Linux and on macOS. */
async function residentBytes(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout) * 1024;
}
