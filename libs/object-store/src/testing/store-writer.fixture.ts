/**
 * A process of its own that works on a file store, for tests that kill it or set two of them on each other.
 * Arguments: what to do, the root, how many. Prints a line per step.
 */
import { FsObjectStore } from '../drivers/fs/fs.object-store.js';

const TYPE = { contentType: 'application/octet-stream' } as const;
const [task, root = '', count = '0'] = process.argv.slice(2);
const store = new FsObjectStore({ root, bucket: 'facelane' });

/** Bytes that all equal the first two tell where a body came from and whether it is whole. */
function pattern(i: number): Uint8Array {
  return new Uint8Array(1000 + (i % 7) * 40_000).fill(i % 251);
}

/** Writes over the same keys for ever, eight at a time. */
async function overwrite(): Promise<void> {
  for (let i = 0; ; i += 8) {
    await Promise.all(Array.from({ length: 8 }, (_, j) => store.put(`kill/${(i + j) % 40}`, pattern(i + j), TYPE)));
    console.log(i);
  }
}

/** Claims every key that nobody has; prints how many it got. */
async function claim(): Promise<void> {
  let won = 0;
  for (let i = 0; i < Number(count); i++) {
    const body = Buffer.from(String(process.pid));
    const { outcome } = await store.put(`claim/${i}`, body, { ...TYPE, condition: { kind: 'absent' } });
    if (outcome === 'stored') won++;
  }
  console.log(won);
}

/** Adds one to a number, again and again, and loses no addition of anybody else. */
async function increment(): Promise<void> {
  for (let done = 0; done < Number(count);) {
    const { body, etag } = await store.get('counter');
    const next = Buffer.from(String(Number(Buffer.from(body).toString()) + 1));
    const { outcome } = await store.put('counter', next, { ...TYPE, condition: { kind: 'matches', etag } });
    if (outcome === 'stored') done++;
  }
  console.log(count);
}

const tasks: Readonly<Record<string, () => Promise<void>>> = { overwrite, claim, increment };
await tasks[task ?? '']?.();
await store.close();
