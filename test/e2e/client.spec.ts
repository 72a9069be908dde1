import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireModels } from '@facelane/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApi, startStandaloneApi } from '../support/api.js';
import { inviteGuests } from '../support/guests.js';
import { PackedClient, sourceText } from '../support/packed.client.js';
import { writePhoto } from '../support/photos.js';

const EXAMPLE = 'examples/client/tag-photos.ts';
const FOR_NODE = { lib: ['ES2022'], types: ['node'] };

let folder: string;
let client: PackedClient;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facelane-client-'));
  client = await PackedClient.install(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the client as a package', () => {
  it('brings its code, its types and its licences, and needs nothing else', async () => {
    expect(client.files).toEqual(
      expect.arrayContaining(['LICENSE', 'NOTICE', 'README.md', 'dist/index.js', 'dist/index.d.ts', 'package.json']),
    );
    expect(client.files.filter((file) => /spec|testing|(?<!\.d)\.ts$/.test(file))).toEqual([]);
    const described = await client.packageJson();
    expect(described).toMatchObject({ name: '@facelane/client', license: 'Apache-2.0', type: 'module' });
    for (const kind of ['dependencies', 'peerDependencies', 'optionalDependencies', 'devDependencies']) {
      expect(described).not.toHaveProperty(kind);
    }
  });

  it.each([
    ['for Node', EXAMPLE, FOR_NODE],
    ['for browsers', 'examples/client/find-face.ts', { lib: ['ES2022', 'DOM'], types: [] }],
  ])('has types that hold under the strictest settings, %s', async (_where, example, options) => {
    await client.compile(await sourceText(example), { ...options, noEmit: true });
  });
});

describe('a program elsewhere', () => {
  let api: RunningApi;
  let [ada, party]: string[] = [];

  beforeAll(async () => {
    api = await startStandaloneApi();
    const { photos, portraits } = await inviteGuests(api.as(api.key), await requireModels());
    [ada, party] = await Promise.all([
      writePhoto(join(folder, 'ada.jpg'), portraits[2]),
      writePhoto(join(folder, 'party.jpg'), photos[3]!),
    ]);
  }, 120_000);
  afterAll(() => api.stop());

  it('enrols, submits, waits and searches: the example', async () => {
    await client.compile(await sourceText(EXAMPLE), FOR_NODE);
    const notes = await writePhoto(join(folder, 'notes.jpg'), 'no photo at all');
    const env = { FACELANE_URL: api.address, FACELANE_KEY: api.key };
    const lines = (await client.run(['Ada', ada!, party!, notes], env)).trim().split('\n');
    expect(lines).toEqual([
      'ada.jpg: accepted as a reference of Ada',
      expect.stringMatching(/^party\.jpg: 3 faces: .*match Ada/),
      expect.stringMatching(/^notes\.jpg: INGEST\.[A-Z_]+: \S/),
      expect.stringMatching(/^search: Ada at (0\.9\d|1\.00)$/),
    ]);
    // Again, where the collection is and somebody has that face already.
    expect(await client.run(['Bob', ada!], env)).toContain('refused as a reference of Bob too_like_other_person');
  });

  it('does what the README of the package shows', async () => {
    const [, shown = ''] = /```ts\n([^`]+)```/.exec(await sourceText('libs/client/README.md')) ?? [];
    await client.compile(shown.replace('http://127.0.0.1:8080', api.address), FOR_NODE);
    const output = await client.run([], { FACELANE_KEY: await api.newKey('readme', ['admin']) });
    expect(output.match(/^(match|review|none) /gm)).toHaveLength(3);
    expect(output).toMatch(/^match [0-9a-f-]{36} \{/m);
  });
});
