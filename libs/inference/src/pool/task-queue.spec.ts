import { describe, expect, it } from 'vitest';
import type { Lane } from '@facelane/contracts';
import { type LaneOrder, NO_ORDER } from '../lanes/lane.order.js';
import { TaskQueue } from './task-queue.js';

/** Tasks by name, in the order in which they began; each ends when it is told to. */
class Tasks {
  readonly begun: string[] = [];
  private readonly ends = new Map<string, () => void>();

  constructor(private readonly queue: TaskQueue) {}

  add(name: string, lane: Lane): void {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.ends.set(name, () => resolve(undefined));
    void this.queue.add(
      () => {
        this.begun.push(name);
        return promise;
      },
      { lane },
    );
  }

  async end(name: string): Promise<void> {
    this.ends.get(name)!();
    // Settling takes some turns of the microtask queue.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

class Held implements LaneOrder {
  private held = true;
  private readonly listeners: (() => void)[] = [];
  readonly mayBegin = (): boolean => !this.held;
  readonly onRelease = (listener: () => void): void => void this.listeners.push(listener);
  release(): void {
    this.held = false;
    for (const listener of this.listeners) listener();
  }
}

describe('a task queue', () => {
  it('takes interactive tasks before bulk ones, each kind in its order', async () => {
    const tasks = new Tasks(new TaskQueue(1, 10, NO_ORDER));
    for (const [name, lane] of [
      ['b1', 'bulk'],
      ['b2', 'bulk'],
      ['i1', 'interactive'],
      ['i2', 'interactive'],
    ] as const) {
      tasks.add(name, lane);
    }
    for (const name of ['b1', 'i1', 'i2', 'b2']) await tasks.end(name);
    expect(tasks.begun).toEqual(['b1', 'i1', 'i2', 'b2']);
  });

  it('begins no bulk task while it may not, although a lane is free, and all of them when they may', () => {
    const order = new Held();
    const queue = new TaskQueue(2, 10, order);
    const tasks = new Tasks(queue);
    tasks.add('b1', 'bulk');
    tasks.add('i1', 'interactive');
    expect([tasks.begun, queue.idle]).toEqual([['i1'], 1]);
    order.release();
    expect([tasks.begun, queue.idle]).toEqual([['i1', 'b1'], 0]);
  });

  it('is not drained while held tasks wait', async () => {
    const order = new Held();
    const queue = new TaskQueue(1, 10, order);
    const tasks = new Tasks(queue);
    tasks.add('b1', 'bulk');
    let drained = false;
    const end = queue.drained().then(() => (drained = true));
    await tasks.end('b1');
    expect(drained).toBe(false);
    order.release();
    await end;
    expect(tasks.begun).toEqual(['b1']);
  });

  it('refuses a task of a lane that has as many waiting as may wait, and none of the other', async () => {
    const queue = new TaskQueue(1, 1, NO_ORDER);
    const tasks = new Tasks(queue);
    tasks.add('b1', 'bulk');
    tasks.add('b2', 'bulk');
    await expect(queue.add(() => Promise.resolve(), { lane: 'bulk' })).rejects.toMatchObject({
      code: 'INFERENCE.OVERLOADED',
    });
    const answered = queue.add(() => Promise.resolve('answer'));
    await tasks.end('b1');
    await expect(answered).resolves.toBe('answer');
  });
});
