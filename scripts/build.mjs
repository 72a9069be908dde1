// Compiles apps/, libs/, test/ and bench/ to dist/ with SWC. Types are not checked here (npm run check does).
//
// SWC itself rewrites the @facelane/<lib> aliases of tsconfig.base.json to relative paths, so what runs in
// production needs no loader. Files whose output is newer than their source are skipped; a second build of an
// unchanged tree takes a fraction of a second, which keeps `npm run quickstart` quick.
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformFile } from '@swc/core';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(root, 'dist');
const rooms = ['apps', 'libs', 'test', 'bench'];

const options = {
  cwd: root,
  swcrc: false,
  sourceMaps: true,
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    keepClassNames: true,
    baseUrl: root,
    paths: { '@facelane/*': ['./libs/*/src/index.ts'] },
  },
  module: { type: 'nodenext', resolveFully: true },
};

async function sources(dir) {
  const entries = await readdir(dir, { withFileTypes: true, recursive: true }).catch((error) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return entries
    .filter((entry) => entry.isFile() && /\.ts$/.test(entry.name) && !/\.(spec|type-spec|d)\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

const modified = async (path) => (await stat(path).catch(() => undefined))?.mtimeMs ?? 0;

async function compile(source, newestInput) {
  const target = join(out, relative(root, source)).replace(/\.ts$/, '.js');
  if ((await modified(target)) > Math.max(await modified(source), newestInput)) return target;
  const { code, map } = await transformFile(source, options);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(`${target}.map`, map);
  await writeFile(target, `${code}//# sourceMappingURL=${target.split(sep).pop()}.map\n`);
  return target;
}

async function removeStale(kept) {
  const entries = await readdir(out, { withFileTypes: true, recursive: true });
  const stale = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !kept.has(path.replace(/\.map$/, '')));
  await Promise.all(stale.map((path) => rm(path)));
}

const configuration = Math.max(
  await modified(fileURLToPath(import.meta.url)),
  await modified(join(root, 'package.json')),
);
const files = (await Promise.all(rooms.map((room) => sources(join(root, room))))).flat();
await mkdir(out, { recursive: true });
await removeStale(new Set(await Promise.all(files.map((file) => compile(file, configuration)))));
