// Writes from the code what describes it: the tables of the documentation, the descriptions of the API and of the events,
// and the parts of the client that are generated from those; with --check it writes nothing and fails when something is out of date. Each table
// stands between <!-- name:begin --> and <!-- name:end -->.
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { readTree, renderClient, renderEventTypes } from './client/render-client.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const load = (lib, file = 'index') => import(pathToFileURL(join(root, `dist/libs/${lib}/src/${file}.js`)).href);

await promisify(execFile)(process.execPath, [join(root, 'scripts', 'build.mjs')]);
const { CONFIG_TABLE } = await load('config');
const { DELIVERIES, ERROR_CODES, EVENT_TYPES, EVENTS, exampleEvent, PIPELINE, PROBES, queueNameOf, UPKEEP } =
  await load('contracts');
// Not the whole room, which is a server with all that it needs.
const { buildOpenApi } = await load('http-api', 'openapi/build-openapi');

const { buildAsyncApi, eventJsonSchemas } = await load('events');

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

/** The largest unit that leaves a whole number. */
function span(ms) {
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000} h`;
  return ms % 60_000 === 0 ? `${ms / 60_000} min` : seconds(ms);
}

function shownRetry({ attempts, delaysMs, baseDelayMs, maxDelayMs }) {
  const waits = delaysMs?.map(span).join(', ') ?? `${seconds(baseDelayMs)} doubling to ${seconds(maxDelayMs)}`;
  return `${attempts} runs, ${waits}`;
}

function stagesTable({ order, stages }) {
  const rows = order.map((name) => {
    const stage = stages[name];
    return [
      code(name),
      stage.summary,
      code(queueNameOf(stage)),
      stage.next === null ? 'the end' : code(stage.next),
      stage.concurrency,
      seconds(stage.timeoutMs),
      shownRetry(stage.retry),
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

function eventsTable() {
  const rows = EVENT_TYPES.map((type) => [
    code(type),
    cell(EVENTS[type].summary),
    Object.keys(EVENTS[type].data.shape).map(code).join(', '),
  ]);
  return table(['Type', 'What has happened', 'Data'], rows);
}

function eventExample() {
  return ['```json', JSON.stringify(exampleEvent('face.matched'), null, 2), '```'].join('\n');
}

const RECEIVE = 'docs/receive-events.md';
const RECEIVERS = ['inbox', 'with-node', 'with-express', 'with-fastify', 'read-feed'];

/** A program as it is pasted. */
async function program(name) {
  return ['```js', (await readFile(join(root, `examples/webhooks/${name}.mjs`), 'utf8')).trim(), '```'].join('\n');
}

const TABLES = [
  { file: 'README.md', name: 'config', render: configTable },
  { file: 'docs/stages.md', name: 'stages', render: () => stagesTable(PIPELINE) },
  { file: 'docs/stages.md', name: 'probes', render: () => stagesTable(PROBES) },
  { file: 'docs/stages.md', name: 'upkeep', render: () => stagesTable(UPKEEP) },
  { file: 'docs/stages.md', name: 'deliveries', render: () => stagesTable(DELIVERIES) },
  { file: 'docs/errors.md', name: 'errors', render: errorsTable },
  { file: 'docs/events.md', name: 'events', render: eventsTable },
  { file: 'docs/events.md', name: 'example', render: eventExample },
  ...RECEIVERS.map((name) => ({ file: RECEIVE, name, render: () => program(name) })),
];

const CLIENT = 'libs/client/src/generated';
const check = process.argv.includes('--check');
const outdated = [];

/** `next` undefined: the file should not be there. */
async function update(file, text, next) {
  if (next === text) return;
  outdated.push(file);
  if (check) return;
  const path = join(root, file);
  if (next === undefined) return rm(path);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, next);
}

for (const { file, name, render } of TABLES) {
  const text = await readFile(join(root, file), 'utf8');
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`${file} has no ${begin} … ${end}.`);
  await update(file, text, `${text.slice(0, from + begin.length)}\n\n${await render()}\n\n${text.slice(to)}`);
}

const description = buildOpenApi();
const known = await readFile(join(root, 'docs/openapi.json'), 'utf8').catch(() => undefined);
await update('docs/openapi.json', known, `${JSON.stringify(description, null, 2)}\n`);

const events = await readFile(join(root, 'docs/asyncapi.json'), 'utf8').catch(() => undefined);
await update('docs/asyncapi.json', events, `${JSON.stringify(buildAsyncApi(), null, 2)}\n`);

const present = await readTree(join(root, CLIENT));
const rendered = await renderClient(description);
rendered.set('events.gen.ts', await renderEventTypes(eventJsonSchemas()));
for (const name of new Set([...present.keys(), ...rendered.keys()])) {
  await update(`${CLIENT}/${name}`, present.get(name), rendered.get(name));
}

if (check && outdated.length > 0) {
  console.error(`Out of date: ${outdated.join(', ')}. Run \`npm run docs\` and commit what it changes.`);
  process.exitCode = 1;
}
