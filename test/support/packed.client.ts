import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { extract } from 'tar';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CLIENT = join(ROOT, 'libs/client');
const run = promisify(execFile);

/** A program elsewhere that has installed the client: a folder with nothing of this repository but the package. */
export class PackedClient {
  private constructor(
    readonly folder: string,
    /** Of the package, from its root. */
    readonly files: readonly string[],
  ) {}

  /** Packs libs/client as it would be published, and unpacks it where Node looks for it. */
  static async install(folder: string): Promise<PackedClient> {
    // The root's .npmrc turns scripts off, and npm hands that on to what it starts.
    const npm = npmCommand();
    await run(npm.command, [...npm.first, 'pack', '--ignore-scripts=false', '--pack-destination', folder], {
      cwd: CLIENT,
    });
    const [archive] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
    const target = join(folder, 'node_modules/@facelane/client');
    await mkdir(target, { recursive: true });
    await extract({ file: join(folder, archive ?? ''), cwd: target, strip: 1 });
    await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
    const entries = await readdir(target, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(target.length + 1));
    return new PackedClient(folder, files.sort());
  }

  async packageJson(): Promise<Record<string, unknown>> {
    const text = await readFile(join(this.folder, 'node_modules/@facelane/client/package.json'), 'utf8');
    return JSON.parse(text) as Record<string, unknown>;
  }

  /** Compiles a program, strictly, against the types of the package. */
  async compile(program: string, options: Readonly<Record<string, unknown>>): Promise<void> {
    await writeFile(join(this.folder, 'main.ts'), program);
    const compilerOptions = {
      ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: false },
      ...{ module: 'NodeNext', target: 'ES2022', typeRoots: [join(ROOT, 'node_modules/@types')] },
      ...options,
    };
    await writeFile(join(this.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['main.ts'] }));
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    try {
      await run(process.execPath, [tsc, '-p', this.folder]);
    } catch (error) {
      throw new Error(`It does not compile:\n${(error as { stdout: string }).stdout}`, { cause: error });
    }
  }

  /** Runs what was compiled, with nothing in its environment but this. Its standard output. */
  async run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
    const { stdout } = await run(process.execPath, [join(this.folder, 'main.js'), ...args], { cwd: this.folder, env });
    return stdout;
  }
}

/** A file of this repository. */
export const sourceText = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8');

/** npm as the one that started us, else the one on the PATH. */
function npmCommand(): { command: string; first: readonly string[] } {
  const script = process.env['npm_execpath'];
  return script === undefined ? { command: 'npm', first: [] } : { command: process.execPath, first: [script] };
}
