import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FsObjectStore } from './fs.object-store.js';
import { ProcessLock } from './process.lock.js';

const writer = fileURLToPath(
  new URL('../../../../../dist/libs/object-store/src/testing/store-writer.fixture.js', import.meta.url),
);
const TYPE = { contentType: 'text/plain' } as const;

let root: string;
let store: FsObjectStore;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'facelane-store-'));
  store = new FsObjectStore({ root, bucket: 'facelane' });
});
afterEach(async () => {
  await store.close();
  await rm(root, { recursive: true });
});

/** Starts the writer, lets it say `lines` lines, and kills it in the middle of what it does then. */
async function killAfter(lines: number): Promise<void> {
  const child = spawn(process.execPath, [writer, 'overwrite', root], { stdio: ['ignore', 'pipe', 'inherit'] });
  const output = createInterface({ input: child.stdout });
  for (let seen = 0; seen < lines; seen++) await once(output, 'line');
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
}

const run = async (task: string, count: number): Promise<number> =>
  Number((await promisify(execFile)(process.execPath, [writer, task, root, String(count)])).stdout);

describe('a file store whose writer is killed', () => {
  it('shows only whole objects, and the next process clears what was left', async () => {
    let leftovers = 0;
    for (const lines of [9, 20, 33, 47, 62, 80]) {
      await killAfter(lines);
      leftovers += (await readdir(join(root, 'facelane', '#tmp'))).length;
      let listed = 0;
      for await (const { key, size } of store.list('')) {
        const { body } = await store.get(key);
        expect(key).toMatch(/^kill\/\d+$/);
        expect(body).toHaveLength(size);
        expect(body.every((byte) => byte === body[0])).toBe(true);
        listed++;
      }
      expect(listed).toBeGreaterThanOrEqual(8);
    }
    // Otherwise no kill met a write, and the test has shown nothing.
    expect(leftovers).toBeGreaterThan(0);
    await store.put('after', Buffer.from('x'), TYPE);
    expect(await readdir(join(root, 'facelane', '#tmp'))).toEqual([]);
  });
});

describe('two processes on one file store', () => {
  it('never both win `absent`', async () => {
    const [one, two] = await Promise.all([run('claim', 150), run('claim', 150)]);
    expect(one + two).toBe(150);
  });

  it('never both win `matches`: no addition is lost', async () => {
    await store.put('counter', Buffer.from('0'), TYPE);
    await Promise.all([run('increment', 60), run('increment', 60)]);
    expect(Buffer.from((await store.get('counter')).body).toString()).toBe('120');
  });
});

describe('the lock between processes', () => {
  it('keeps a second holder out until the first is done', async () => {
    const [one, two] = [new ProcessLock(join(root, '#lock')), new ProcessLock(join(root, '#lock'))];
    const order: string[] = [];
    const entered = Promise.withResolvers<undefined>();
    const leave = Promise.withResolvers<undefined>();
    const first = one.hold(async () => {
      entered.resolve(undefined);
      await leave.promise;
      order.push('first');
    });
    await entered.promise;
    const second = two.hold(() => Promise.resolve(order.push('second')));
    leave.resolve(undefined);
    await Promise.all([first, second]);
    expect(order).toEqual(['first', 'second']);
    one.close();
    two.close();
  });
});
