import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WorkerPool } from './worker-pool.js';

interface OddTasks {
  echo: { input: { readonly bytes: Uint8Array }; output: { readonly bytes: Uint8Array; readonly threadId: number } };
  crash: { input: Record<string, never>; output: never };
  dieAfterwards: { input: Record<string, never>; output: { readonly threadId: number } };
  fail: { input: Record<string, never>; output: never };
  wait: { input: Record<string, never>; output: { readonly threadId: number } };
}

let gate: Int32Array;
let pool: WorkerPool<OddTasks>;

function openGate(): void {
  Atomics.store(gate, 0, 1);
  Atomics.notify(gate, 0);
}

beforeEach(() => {
  gate = new Int32Array(new SharedArrayBuffer(8));
  const filename = fileURLToPath(new URL('./fixtures/odd.worker.mjs', import.meta.url));
  pool = new WorkerPool<OddTasks>({ filename, threads: 2, workerData: { gate }, maxQueued: 2 });
});

afterEach(async () => {
  openGate();
  await pool.close();
});

const echo = (): Promise<OddTasks['echo']['output']> => pool.run('echo', { bytes: Uint8Array.of(1) });

describe('a worker pool', () => {
  it('moves buffers instead of copying them', async () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const { bytes: back } = await pool.run('echo', { bytes }, { transfer: [bytes.buffer] });
    expect([...back]).toEqual([1, 2, 3]);
    expect(bytes.byteLength).toBe(0);
  });

  it('brings a task’s error back with its code and its advice on retrying', async () => {
    await expect(pool.run('fail', {})).rejects.toMatchObject({
      name: 'StageError',
      code: 'INFERENCE.FAILED',
      message: 'no',
      retry: 'never',
      safeDetails: { a: 1 },
    });
  });

  it('turns the death of a thread into an error that may be retried, and goes on with a new thread', async () => {
    const both = Promise.allSettled([pool.run('crash', {}), pool.run('crash', {})]);
    for (const outcome of await both) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'INFERENCE.FAILED', retry: 'backoff' } });
    }
    await expect(Promise.all([echo(), echo(), echo()])).resolves.toHaveLength(3);
  });

  it('replaces a thread that dies between two tasks', async () => {
    const { threadId } = await pool.run('dieAfterwards', {});
    openGate();
    await vi.waitFor(async () => {
      const threads = await Promise.all([echo(), echo()]);
      expect(threads.map((thread) => thread.threadId)).not.toContain(threadId);
    });
  });

  it('says how many threads are idle, and when one becomes so', async () => {
    const onIdle = vi.fn();
    pool.onIdle(onIdle);
    const task = pool.run('wait', {});
    expect(pool.idleThreads).toBe(1);
    openGate();
    await task;
    await vi.waitFor(() => expect(onIdle).toHaveBeenCalled());
    expect(pool.idleThreads).toBe(2);
  });

  it('takes an aborted task off the queue and lets a running one go without killing its thread', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const running = [pool.run('wait', {}, { signal }), pool.run('wait', {})];
    const waiting = pool.run('echo', { bytes: Uint8Array.of(1) }, { signal });
    controller.abort(new Error('too late'));
    await expect(running[0]).rejects.toThrow('too late');
    await expect(waiting).rejects.toThrow('too late');
    expect(pool.idleThreads).toBe(0);
    openGate();
    const { threadId } = (await running[1])!;
    const threads = await Promise.all([pool.run('wait', {}), pool.run('wait', {})]);
    expect(threads.map((thread) => thread.threadId)).toContain(threadId);
    await expect(pool.run('echo', { bytes: Uint8Array.of(1) }, { signal })).rejects.toThrow('too late');
  });

  it('refuses more tasks than may wait', async () => {
    const tasks = Array.from({ length: 4 }, () => pool.run('wait', {}));
    await expect(pool.run('wait', {})).rejects.toMatchObject({ code: 'INFERENCE.OVERLOADED' });
    openGate();
    await Promise.all(tasks);
  });

  it('finishes its work when it is closed, then releases every thread and takes no more', async () => {
    const tasks = Array.from({ length: 4 }, () => pool.run('wait', {}));
    const closed = pool.close();
    await expect(echo()).rejects.toThrow('shutting down');
    openGate();
    await expect(Promise.all(tasks)).resolves.toHaveLength(4);
    await closed;
    expect(Atomics.load(gate, 1)).toBe(2);
  });
});
