// Writes the tables of the documentation from the code that they describe; with --check it writes nothing and fails
// when one of them is out of date. Each table stands between <!-- name:begin --> and <!-- name:end -->.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const load = (lib) => import(pathToFileURL(join(root, 'dist', 'libs', lib, 'src', 'index.js')).href);

await promisify(execFile)(process.execPath, [join(root, 'scripts', 'build.mjs')]);
const { CONFIG_TABLE } = await load('config');
const { ERROR_CODES, PIPELINE, queueNameOf } = await load('contracts');

const cell = (value) => String(value).replaceAll('|', String.raw`\|`);
const code = (value) => `\`${cell(value)}\``;
const table = (header, rows) =>
  [header, header.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
const seconds = (ms) => `${ms / 1000} s`;

/** A default as it would be typed is code; a sentence about it is text. */
const shownDefault = (text) => (text !== 'none' && /^[\w./:<>-]+$/.test(text) ? code(text) : cell(text));

function configTable() {
  const concerns = [...new Set(CONFIG_TABLE.map(({ concern }) => concern))];
  return concerns
    .map((concern) => {
      const rows = CONFIG_TABLE.filter((row) => row.concern === concern).map((row) => [
        code(row.name),
        shownDefault(row.default),
        cell(row.allowed),
        cell(row.meaning) + (row.secret ? ' Secret: never printed.' : ''),
      ]);
      return `**${concern}**\n\n${table(['Variable', 'Default', 'Allowed', 'Meaning'], rows)}`;
    })
    .join('\n\n');
}

function stagesTable() {
  const rows = PIPELINE.order.map((name) => {
    const stage = PIPELINE.stages[name];
    const { attempts, baseDelayMs, maxDelayMs } = stage.retry;
    return [
      code(name),
      stage.summary,
      code(queueNameOf(stage)),
      stage.next === null ? 'the end' : code(stage.next),
      stage.concurrency,
      seconds(stage.timeoutMs),
      `${attempts} runs, ${seconds(baseDelayMs)} doubling to ${seconds(maxDelayMs)}`,
    ];
  });
  return table(['Stage', 'What it does', 'Queue', 'Next', 'At once', 'Timeout', 'Retry'], rows);
}

function errorsTable() {
  const rows = Object.entries(ERROR_CODES).map(([name, { retry, remedy }]) => [
    code(name),
    retry === 'never' ? 'no' : 'yes',
    cell(remedy),
  ]);
  return table(['Code', 'Tried again', 'What to do'], rows);
}

const TABLES = [
  { file: 'README.md', name: 'config', render: configTable },
  { file: 'docs/stages.md', name: 'stages', render: stagesTable },
  { file: 'docs/errors.md', name: 'errors', render: errorsTable },
];

const check = process.argv.includes('--check');
const outdated = [];
for (const { file, name, render } of TABLES) {
  const path = join(root, file);
  const text = await readFile(path, 'utf8');
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`${file} has no ${begin} … ${end}.`);
  const next = `${text.slice(0, from + begin.length)}\n\n${render()}\n\n${text.slice(to)}`;
  if (next === text) continue;
  outdated.push(file);
  if (!check) await writeFile(path, next);
}
if (check && outdated.length > 0) {
  console.error(`Out of date: ${outdated.join(', ')}. Run \`npm run docs\` and commit what it changes.`);
  process.exitCode = 1;
}
