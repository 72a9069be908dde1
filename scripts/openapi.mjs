// `npm run openapi:check` compares the description of the API (docs/openapi.json) with the one that clients rely on
// (docs/openapi.released.json) and fails when something breaks them. `npm run openapi:accept` makes the current one the
// one that clients rely on: a deliberate act, which it writes into the changelog.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const CURRENT = join(root, 'docs/openapi.json');
const RELEASED = join(root, 'docs/openapi.released.json');
const CHANGELOG = join(root, 'CHANGELOG.md');

await promisify(execFile)(process.execPath, [join(root, 'scripts', 'build.mjs')]);
const comparison = join(root, 'dist/libs/http-api/src/openapi/breaking-changes.js');
const { findBreakingChanges } = await import(pathToFileURL(comparison).href);

const current = await readFile(CURRENT, 'utf8');
const released = await readFile(RELEASED, 'utf8').catch((error) => {
  if (error.code === 'ENOENT') return undefined;
  throw error;
});
const versionOf = (text) => JSON.parse(text).info.version;
const changes = released === undefined ? [] : findBreakingChanges(JSON.parse(released), JSON.parse(current));

/** Few operations by name, many by their number. */
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

async function accept() {
  if (released === current) {
    console.log('Nothing to accept: clients rely on the current description already.');
    return;
  }
  const from = released === undefined ? 'nothing' : versionOf(released);
  const entries = [
    `HTTP API: clients rely on description ${versionOf(current)} now, on ${from} before.`,
    ...changes.map((change) => `**Breaks clients**: ${line(change)}.`),
  ];
  await writeFile(CHANGELOG, withEntries(await readFile(CHANGELOG, 'utf8'), entries));
  await writeFile(RELEASED, current);
  console.log(
    'You have just promised this description to every client: docs/openapi.released.json is now docs/openapi.json. ' +
      `Review and commit it together with CHANGELOG.md, which says:\n\n${entries.map((text) => `- ${text}`).join('\n')}`,
  );
  if (changes.length > 0 && from.split('.')[0] === versionOf(current).split('.')[0]) {
    console.log(
      '\nIt breaks clients: raise the first number of API_VERSION in libs/http-api/src/openapi/build-openapi.ts, write it ' +
        'down with `npm run docs`, and accept that too.',
    );
  }
}

function check() {
  if (released === undefined) {
    console.error('docs/openapi.released.json is missing: make it with `npm run openapi:accept`.');
    process.exitCode = 1;
    return;
  }
  if (changes.length === 0) return;
  console.error(
    `${changes.length} ${changes.length === 1 ? 'change breaks' : 'changes break'} clients that rely on ` +
      `docs/openapi.released.json (${versionOf(released)}):\n\n${changes.map((change) => `- ${line(change)}`).join('\n')}\n\n` +
      'Keep what was there beside the new, or, when breaking clients is what you mean, run `npm run openapi:accept`.',
  );
  process.exitCode = 1;
}

if (process.argv.includes('--accept')) await accept();
else check();
