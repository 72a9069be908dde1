// Writes the tables of the documentation that the code already knows, between their markers; `--check` only
// compares, so that a table cannot drift from the code.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
await promisify(execFile)(process.execPath, [join(root, 'scripts', 'build.mjs')]);
const load = (path) => import(pathToFileURL(join(root, 'dist', path)).href);

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('<', '\\<');
const code = (text) => (text === '' ? '' : `\`${text.replaceAll('|', '\\|')}\``);

/** Defaults that are words, not values, are written as words. */
const isValue = (text) => !text.includes(' ') || text.includes('/');

async function configTable() {
  const { CONFIG_TABLE } = await load('libs/config/src/index.js');
  const rows = CONFIG_TABLE.map(({ name, default: value, meaning, allowed }) => {
    const shown = isValue(value) ? code(value) : cell(value);
    return `| \`${name}\` | ${shown} | ${cell(meaning)} Allowed: ${cell(allowed)}. |`;
  });
  return ['| variable | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

/** File, name of its markers, and what stands between them. */
const SECTIONS = [['README.md', 'config', configTable]];

let drifted = 0;
for (const [file, marker, make] of SECTIONS) {
  const path = join(root, file);
  const text = await readFile(path, 'utf8');
  const [begin, end] = [`<!-- ${marker}:begin -->`, `<!-- ${marker}:end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`${file} has no ${begin} … ${end}`);
  const next = `${text.slice(0, from + begin.length)}\n${await make()}\n${text.slice(to)}`;
  if (next === text) continue;
  drifted += 1;
  if (process.argv.includes('--check')) console.error(`${file}: the ${marker} table is out of date; run npm run docs.`);
  else await writeFile(path, next);
}
process.exitCode = process.argv.includes('--check') && drifted > 0 ? 1 : 0;
