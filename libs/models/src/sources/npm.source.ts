import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { extract } from 'tar';
import { EnvironmentError } from '@facelane/contracts';
import { parseSource } from './source.js';
import { TransientFetchError, type Fetcher, type WantedFile } from './fetcher.js';

const run = promisify(execFile);

/** npm's codes for a network that is down, slow or in the way; 5xx and 429 come as E503 and the like. */
const TRANSIENT =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ERR_SOCKET_TIMEOUT|EPIPE|E5\d\d|E429)\b/;
const MAX_OUTPUT_BYTES = 10 * 1024 * 1024;

/**
 * Fetches the package with the user's own npm, so that his registry, proxy, certificates and credentials hold, and
 * extracts only the wanted files. The package is never installed: none of its scripts or dependencies run.
 */
export const fetchFromNpm: Fetcher = async ({ files, folder, signal, onBytes }) => {
  const wanted = new Map(files.map((file) => [pathInTarball(file), file]));
  const tarball = await pack(packageSpec(files[0]!), folder, signal);
  const contents = join(folder, 'contents');
  await mkdir(contents);
  await extract({
    file: tarball,
    cwd: contents,
    // npm stamps every file of a tarball with one day in 1985; a fresh time tells a replaced file from a kept one.
    noMtime: true,
    // A stated size that differs is refused before the bytes are written; the digest decides the rest.
    filter: (path, entry) => 'type' in entry && entry.type === 'File' && wanted.get(path)?.bytes === entry.size,
    onReadEntry: (entry) => {
      const file = wanted.get(entry.path);
      if (file !== undefined) onBytes(file, entry.size);
    },
  });
  return new Map([...wanted].map(([path, file]) => [file.source, join(contents, path)]));
};

/** What npm calls the package of a file: `name@version`. Files with the same one share a download. */
export function packageSpec(file: WantedFile): string {
  const source = npmSource(file);
  return `${source.package}@${source.version}`;
}

const pathInTarball = (file: WantedFile): string => `package/${npmSource(file).path}`;

function npmSource(file: WantedFile): Extract<ReturnType<typeof parseSource>, { kind: 'npm' }> {
  const source = parseSource(file.source);
  if (source.kind !== 'npm') throw new TypeError(`${file.source} is not an npm source.`);
  return source;
}

async function pack(spec: string, folder: string, signal: AbortSignal | undefined): Promise<string> {
  // Retries are ours: npm's own would keep an offline user waiting for more than a minute before saying so.
  const options = ['--pack-destination', folder, '--fetch-retries=0', '--ignore-scripts', '--loglevel=error'];
  // On Windows npm is a .cmd file, which only a shell starts; the spec is safe by its pattern.
  const shell = process.platform === 'win32';
  const quoted = shell ? options.map((option) => `"${option}"`) : options;
  try {
    await run('npm', ['pack', spec, ...quoted], { shell, maxBuffer: MAX_OUTPUT_BYTES, ...(signal && { signal }) });
  } catch (error) {
    throw explain(error, spec, signal);
  }
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new TransientFetchError(`npm pack ${spec} left no tarball behind.`);
  return join(folder, tarball);
}

function explain(error: unknown, spec: string, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted === true) return signal.reason;
  const failure = error as NodeJS.ErrnoException & { stderr?: string };
  if (failure.code === 'ENOENT') {
    return new EnvironmentError(
      'The program npm was not found.',
      'Install Node.js with npm, then run the command again.',
    );
  }
  const text = failure.stderr ?? failure.message;
  const firstLine = text.split('\n').find((line) => line.trim() !== '') ?? 'no reason given';
  if (TRANSIENT.test(text))
    return new TransientFetchError(`npm could not fetch ${spec}: ${firstLine}`, { cause: error });
  return new EnvironmentError(
    `npm could not fetch ${spec}: ${firstLine}`,
    `Try \`npm pack ${spec}\` by hand: your registry must offer this package to you.`,
    { cause: error },
  );
}
