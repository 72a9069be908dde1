// `npm run released:check` compares the descriptions of what leaves this product, docs/openapi.json and docs/asyncapi.json,
// with those that clients rely on (docs/*.released.json), and fails when something breaks them. `npm run released:accept`
// makes the current ones those that clients rely on: a deliberate act, which it writes into the changelog.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const CHANGELOG = join(root, 'CHANGELOG.md');

await promisify(execFile)(process.execPath, [join(root, 'scripts', 'build.mjs')]);
const load = (path) => import(pathToFileURL(join(root, 'dist/libs/http-api/src', path)).href);

/** What is described, how two versions are compared, and where the version is raised. */
const DESCRIPTIONS = [
  {
    what: 'HTTP API',
    name: 'openapi',
    find: (await load('openapi/breaking-changes.js')).findBreakingChanges,
    version: 'API_VERSION in libs/http-api/src/openapi/build-openapi.ts',
  },
  {
    what: 'Events',
    name: 'asyncapi',
    find: (await load('asyncapi/breaking-event-changes.js')).findBreakingEventChanges,
    version: 'EVENTS_VERSION in libs/events/src/asyncapi/build-asyncapi.ts',
    hint: 'and the `version` of each type in libs/contracts/src/events/types whose receivers cannot read it any more',
  },
];

const versionOf = (text) => JSON.parse(text).info.version;

async function read({ name, find }) {
  const current = await readFile(join(root, `docs/${name}.json`), 'utf8');
  const released = await readFile(join(root, `docs/${name}.released.json`), 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return { current, released, changes: released === undefined ? [] : find(JSON.parse(released), JSON.parse(current)) };
}

/** Few operations or types of events by name, many by their number. */
function line({ where, what, operations }) {
  const named = operations.slice(0, 3).join(', ');
  return `${where} ${what} (${named}${operations.length > 3 ? ` and ${operations.length - 3} more` : ''})`;
}

/** Adds lines to the part `### Changed` of what is not released yet, which is made when there is none. */
function withEntries(changelog, entries) {
  const start = changelog.indexOf('## Unreleased');
  if (start === -1) throw new Error('CHANGELOG.md has no part `## Unreleased`.');
  const next = changelog.indexOf('\n## ', start + 1);
  const end = next === -1 ? changelog.length : next;
  const [before, part, after] = [changelog.slice(0, start), changelog.slice(start, end), changelog.slice(end)];
  const lines = entries.map((entry) => `- ${entry}\n`).join('');
  const heading = '### Changed\n\n';
  const at = part.indexOf(heading) + heading.length;
  const changed = part.includes(heading)
    ? `${part.slice(0, at)}${lines}${part.slice(at)}`
    : `${part.trimEnd()}\n\n${heading}${lines}`;
  return `${before}${changed}${after}`;
}

async function accept(description) {
  const { what, name, version, hint } = description;
  const { current, released, changes } = await read(description);
  if (released === current) {
    console.log(`${what}: nothing to accept, clients rely on the current description already.`);
    return;
  }
  const from = released === undefined ? 'nothing' : versionOf(released);
  const entries = [
    `${what}: clients rely on description ${versionOf(current)} now, on ${from} before.`,
    ...changes.map((change) => `**Breaks clients**: ${line(change)}.`),
  ];
  await writeFile(CHANGELOG, withEntries(await readFile(CHANGELOG, 'utf8'), entries));
  await writeFile(join(root, `docs/${name}.released.json`), current);
  console.log(
    `You have just promised this description to every client: docs/${name}.released.json is now docs/${name}.json. ` +
      `Review and commit it together with CHANGELOG.md, which says:\n\n${entries.map((text) => `- ${text}`).join('\n')}`,
  );
  if (changes.length > 0 && from.split('.')[0] === versionOf(current).split('.')[0]) {
    console.log(
      `\nIt breaks clients: raise the first number of ${version}${hint === undefined ? '' : `, ${hint}`}, write it ` +
        'down with `npm run docs`, and accept that too.',
    );
  }
}

async function check(description) {
  const { name } = description;
  const { released, changes } = await read(description);
  if (released === undefined) {
    console.error(`docs/${name}.released.json is missing: make it with \`npm run released:accept\`.`);
    process.exitCode = 1;
    return;
  }
  if (changes.length === 0) return;
  console.error(
    `${changes.length} ${changes.length === 1 ? 'change breaks' : 'changes break'} clients that rely on ` +
      `docs/${name}.released.json (${versionOf(released)}):\n\n${changes.map((change) => `- ${line(change)}`).join('\n')}\n\n` +
      'Keep what was there beside the new, or, when breaking clients is what you mean, run `npm run released:accept`.',
  );
  process.exitCode = 1;
}

// One after the other: both write the changelog.
for (const description of DESCRIPTIONS) {
  await (process.argv.includes('--accept') ? accept(description) : check(description));
}
