import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { requireModels, samplePhoto } from '@facelane/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RunningApi, startStandaloneApi } from '../support/api.js';
import { PackedClient, sourceText } from '../support/packed.client.js';
import { writePhoto } from '../support/photos.js';

const ROOT = resolve(import.meta.dirname, '../..');
/** Lines to paste, in the order of the page. */
const PASTED = ['paste', 'away', 'rotate', 'end'];

let page: string;
/** As the checkout of a reader who has come as far as section 3. */
let home: string;
let api: RunningApi;

beforeAll(async () => {
  page = await sourceText('docs/receive-events.md');
  home = await mkdtemp(join(tmpdir(), 'facelane-receive-'));
  const models = await requireModels();
  for (const n of [2, 3]) {
    await writePhoto(join(home, `data/quickstart/photos/sample-${n}.jpg`), await samplePhoto(models, n));
  }
  const receiver = join(home, 'data/receiver');
  await mkdir(receiver);
  // What section 2 installs: our own package as it would be published, and frameworks that are here already.
  await PackedClient.install(receiver);
  for (const name of ['express', 'fastify']) {
    await symlink(join(ROOT, 'node_modules', name), join(receiver, 'node_modules', name));
  }
  for (const [, name, program] of page.matchAll(/<!-- ([\w-]+):begin -->\s+```js\n([\s\S]+?)```/g)) {
    await writeFile(join(receiver, `${name!}.mjs`), program!);
  }
  api = await startStandaloneApi({ WEBHOOK_URL_ALLOW: '127.0.0.1', WEBHOOK_URL_HTTP: 'true' });
}, 120_000);
afterAll(async () => {
  await api.stop();
  await rm(home, { recursive: true, force: true });
});

const linesOf = (part: string): string => {
  const [, lines] = new RegExp(`<!-- ${part}:begin -->([\\s\\S]+?)<!-- ${part}:end -->`).exec(page) ?? [];
  if (lines === undefined) throw new Error(`The page has no part "${part}".`);
  return lines.replaceAll(/^ {4}/gm, '');
};

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Pastes; a line that fails ends it, as it would stop a reader. Everything that was printed. */
async function paste(script: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const tidied = `trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n${script}`;
  const running = promisify(execFile)('bash', ['--norc', '-euo', 'pipefail', '-c', tidied], {
    cwd: home,
    env: {
      PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
      ...{ FACELANE_URL: api.address, FACELANE_KEY: api.key },
      ...env,
    },
    timeout: 60_000,
  });
  const { stdout } = await running.catch((error: unknown) => {
    const { stdout: out, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`What was pasted failed:\n${out}\n${stderr}`, { cause: error });
  });
  return stdout;
}

describe.each(['with-node', 'with-express', 'with-fastify'])('what the page has one paste, %s', (program) => {
  let output: string;
  beforeAll(async () => {
    const script = PASTED.map(linesOf)
      .join('\n')
      .replace('data/receiver/with-node.mjs', `data/receiver/${program}.mjs`)
      // The collection of the page is there already when the next framework has its turn.
      .replace('{"id": "door"}', `{"id": "${program}"}`)
      .replaceAll('collection=door', `collection=${program}`);
    await rm(join(home, 'data/receiver/inbox.sqlite'), { force: true });
    output = await paste(script, { PORT: String(await freePort()) });
  }, 90_000);

  const taken = (type: string): string[] => output.match(new RegExp(`^${type} [0-9a-f-]{36}$`, 'gm')) ?? [];

  it('takes tests, with either secret, and does nothing for them', () => {
    expect(output.match(/^test [\w.]+$/gm)).toEqual(['test face.matched', 'test asset.completed']);
    expect(output.match(/"delivered":true/g)?.length).toBeGreaterThanOrEqual(2);
  });

  it('has every event once, those of the time when it was away too', () => {
    expect(new Set(taken('asset.completed')).size).toBe(2);
    const faces = taken('face.unmatched');
    expect(faces.length).toBeGreaterThan(2);
    for (const events of [faces, taken('asset.completed')]) expect(new Set(events).size).toBe(events.length);
  });
});

it('believes nothing that is not signed with its secret', async () => {
  const lie = `curl -s -o answer -w '%{http_code}' -X POST http://127.0.0.1:$PORT/hook -H 'content-type: application/json' \\
    -H 'webhook-id: 1' -H "webhook-timestamp: $(date +%s)" -H 'webhook-signature: v1,bm8=' -d '{}'`;
  const [helper = ''] = /^ {4}receive\(\) .*$/m.exec(page) ?? [];
  for (const program of ['with-node', 'with-express', 'with-fastify']) {
    const start = helper.replace('with-node', program);
    const env = {
      ...{ PORT: String(await freePort()), INBOX: ':memory:' },
      FACELANE_WEBHOOK_SECRET: `whsec_${Buffer.alloc(24).toString('base64')}`,
    };
    expect(await paste(`${start}\nreceive\n${lie}`, env)).toBe('400');
  }
});

it('has a feed that goes on where it was', async () => {
  const key = await api.newKey('feed', ['admin']);
  const caller = api.as(key);
  await caller.json('POST', '/v1/collections', { id: 'door' });
  const tag = async (photo: string): Promise<void> => {
    const source = new Uint8Array(await readFile(join(home, 'data/quickstart/photos', photo)));
    const { id } = await caller.form<{ id: string }>('/v1/assets', { collection: 'door', source });
    await vi.waitFor(
      async () => expect(await caller.json('GET', `/v1/assets/${id}`)).toMatchObject({ state: 'done' }),
      30_000,
    );
  };
  /** What is printed until it is known to have been read. */
  const read = async (): Promise<string[]> => {
    const place = `curl -sS -H "Authorization: Bearer $FACELANE_KEY" $FACELANE_URL/v1/events/consumers`;
    const script = `before=$(${place})
      node data/receiver/read-feed.mjs &
      until [ "$(${place})" != "$before" ]; do sleep 0.1; done`;
    return (await paste(script, { FACELANE_KEY: key })).trim().split('\n').sort();
  };
  await tag('sample-2.jpg');
  const first = await read();
  expect(first.filter((line) => line.startsWith('asset.completed '))).toHaveLength(1);
  await tag('sample-3.jpg');
  const second = await read();
  expect(second.filter((line) => line.startsWith('asset.completed '))).toHaveLength(1);
  expect(second.filter((line) => first.includes(line))).toEqual([]);
}, 90_000);
