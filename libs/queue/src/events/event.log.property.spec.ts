import { randomUUID } from 'node:crypto';
import { startRedis, type TestRedis } from '@facelane/testing';
import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectProducer } from '../redis.connection.js';
import { event, numbersOf } from '../testing/events.fixture.js';
import { EventLog } from './event.log.js';
import { LogKeys } from './log.keys.js';
import type { LogEvent } from './logged-event.js';

let server: TestRedis;
let connections: Redis[];
beforeAll(async () => {
  server = await startRedis();
  connections = await Promise.all(Array.from({ length: 4 }, () => connectProducer(server, () => undefined)));
});
afterAll(async () => {
  for (const redis of connections) redis.disconnect();
  await server.stop();
});

const TYPES = ['a', 'b', 'c'];
const COLLECTIONS = [undefined, 'x', 'y'];
/** What an event is follows from its number, as it does from what happened. */
function eventOf(n: number): LogEvent {
  const collection = COLLECTIONS[(n >> 2) % 3];
  return event(n, { type: TYPES[n % 3]!, ...(collection !== undefined && { collection }) });
}

const batch = fc.array(fc.nat(60), { maxLength: 12 });
const filter = fc.record(
  { types: fc.subarray(TYPES, { minLength: 1 }), collection: fc.constantFrom('x', 'y') },
  { requiredKeys: [] },
);
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('append' as const), batch }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('read' as const), limit: fc.integer({ min: 1, max: 9 }), filter }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('trim' as const), max: fc.integer({ min: 1, max: 30 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), fromTail: fc.boolean() }) },
);

/** The log as an array, and a reader of it. */
class Model {
  private readonly kept: number[] = [];
  /** Events that were trimmed away so far; a position counts them. */
  private gone = 0;
  position = 0;

  append(numbers: readonly number[]): number[] {
    const added = [...new Set(numbers)].filter((n) => !this.kept.includes(n));
    this.kept.push(...added);
    return added;
  }

  trim(max: number): number {
    const dropped = this.kept.splice(0, Math.max(0, this.kept.length - max)).length;
    this.gone += dropped;
    return dropped;
  }

  get isExpired(): boolean {
    return this.position < this.gone;
  }

  get oldest(): number {
    return this.gone;
  }

  get end(): number {
    return this.gone + this.kept.length;
  }

  read(limit: number, wanted: (n: number) => boolean): { found: number[]; end: boolean } {
    const found: number[] = [];
    while (this.position < this.end && found.length < limit) {
      const n = this.kept[this.position++ - this.gone]!;
      if (wanted(n)) found.push(n);
    }
    return { found, end: this.position === this.end };
  }
}

it('is an array of different events, whatever is done with it', async () => {
  const redis = connections[0]!;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const prefix = `test-${randomUUID()}`;
      const log = new EventLog(redis, prefix);
      const model = new Model();
      let cursor: string | undefined;
      for (const each of steps) {
        switch (each.do) {
          case 'append':
            expect(numbersOf(await log.append('acme', each.batch.map(eventOf)))).toEqual(model.append(each.batch));
            break;
          case 'trim':
            expect(await new EventLog(redis, prefix, { maxPerTenant: each.max }).trim()).toBe(model.trim(each.max));
            break;
          case 'restart':
            cursor = each.fromTail ? await log.tail('acme') : undefined;
            model.position = each.fromTail ? model.end : model.oldest;
            break;
          case 'read': {
            const { limit, filter: asked } = each;
            const options = { limit, ...asked, ...(cursor !== undefined && { after: cursor }) };
            if (cursor === undefined) model.position = model.oldest;
            if (model.isExpired) {
              await expect(log.read('acme', options)).rejects.toMatchObject({ code: 'EVENTS.CURSOR_EXPIRED' });
              cursor = undefined;
              break;
            }
            const page = await log.read('acme', options);
            const expected = model.read(limit, (n) => {
              const { type, collection } = eventOf(n);
              return (
                (asked.types === undefined || asked.types.includes(type)) &&
                (asked.collection === undefined || asked.collection === collection)
              );
            });
            expect({ found: numbersOf(page.events), end: page.end }).toEqual(expected);
            cursor = page.next;
          }
        }
        const keys = new LogKeys(prefix);
        expect(await redis.hlen(keys.ids('acme'))).toBe(await redis.xlen(keys.stream('acme')));
      }
      await redis.flushdb();
    }),
    { numRuns: 150 },
  );
});

it('shows every reader each event once, in one order, while several append the same events', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(batch, { maxLength: 8 }), { minLength: 2, maxLength: 4 }),
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 2, maxLength: 4 }),
      async (writers, limits) => {
        const prefix = `test-${randomUUID()}`;
        const logs = connections.map((redis) => new EventLog(redis, prefix));
        let done = false;
        const reading = limits.map(async (limit, i) => {
          const seen: number[] = [];
          for (let after: string | undefined; ;) {
            // What was written before it was asked must be in the page.
            const wasDone = done;
            const page = await logs[i]!.read('acme', { limit, ...(after !== undefined && { after }) });
            seen.push(...numbersOf(page.events));
            after = page.next;
            if (page.end && wasDone) return seen;
          }
        });
        const added = await Promise.all(
          writers.map(async (batches, i) => {
            const fresh: number[] = [];
            for (const numbers of batches)
              fresh.push(...numbersOf(await logs[i]!.append('acme', numbers.map(eventOf))));
            return fresh;
          }),
        );
        done = true;
        const seen = await Promise.all(reading);
        const all = [...new Set(writers.flat(2))].sort((a, b) => a - b);
        expect(added.flat().sort((a, b) => a - b)).toEqual(all);
        expect([...seen[0]!].sort((a, b) => a - b)).toEqual(all);
        for (const other of seen) expect(other).toEqual(seen[0]);
      },
    ),
    { numRuns: 60 },
  );
});

it('never leaves anything out unsaid while the log is trimmed under its readers', async () => {
  let expiries = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 5, maxLength: 30 }),
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 3 }),
      async (sizes, limits) => {
        const prefix = `test-${randomUUID()}`;
        const logs = connections.map((redis) => new EventLog(redis, prefix, { maxPerTenant: 10 }));
        const total = sizes.reduce((sum, size) => sum + size, 0);
        const reading = limits.map(async (limit, i) => {
          let after: string | undefined;
          for (let last = -1; last < total - 1;) {
            const page = await logs[i]!.read('acme', { limit, ...(after !== undefined && { after }) }).catch(
              (error: unknown) => {
                expect(error).toMatchObject({ code: 'EVENTS.CURSOR_EXPIRED' });
                expiries += 1;
                return undefined;
              },
            );
            const numbers = numbersOf(page?.events ?? []);
            // Without a cursor it begins wherever the log does.
            const first = after === undefined ? (numbers[0] ?? 0) : last + 1;
            expect(numbers).toEqual(numbers.map((_, at) => first + at));
            last = numbers.at(-1) ?? last;
            after = page?.next;
          }
        });
        let n = 0;
        for (const size of sizes)
          await logs[3]!.append(
            'acme',
            Array.from({ length: size }, () => event(n++)),
          );
        await Promise.all(reading);
      },
    ),
    { numRuns: 40 },
  );
  // Else the readers were never behind, and nothing was tried.
  expect(expiries).toBeGreaterThan(0);
});
