/**
 * A process of its own that works on a file store, for tests that kill it or set two of them on each other.
 * Arguments: what to do, the root, how many. Prints a line per step.
 */
import { FsObjectStore } from '../drivers/fs/fs.object-store.js';

const TYPE = { contentType: 'application/octet-stream' } as const;
const [task, root = '', count = '0'] = process.argv.slice(2);
const store = new FsObjectStore({ root, bucket: 'facelane' });

/** All bytes are the same, so that a mixture of two bodies shows. */
function pattern(i: number): Uint8Array {
  return new Uint8Array(1000 + (i % 7) * 150_000).fill(i % 251);
}

/** Writes over the same keys for ever, in eight lines of work out of step, so that a kill meets every phase of a put. */
async function overwrite(): Promise<void> {
  const line = async (start: number): Promise<void> => {
    for (let i = start; ; i += 8) {
      await store.put(`kill/${i % 40}`, pattern(i), TYPE);
      console.log(i);
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, start) => line(start)));
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
