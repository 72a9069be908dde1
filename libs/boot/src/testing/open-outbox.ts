import { randomUUID } from 'node:crypto';
import { type FacelaneEvent, parseEvent } from '@facelane/contracts';
import { connectProducer, EventLog } from '@facelane/queue';
import type { EventOutbox } from '@facelane/registry';
import { startRedis } from '@facelane/testing';
import { afterAll } from 'vitest';
import { LogEventOutbox } from '../log.event-outbox.js';

export interface TestOutbox {
  readonly outbox: EventOutbox;
  readonly log: EventLog;
  /** Everything in the log of the tenant, in its order. */
  readonly events: (tenant: string) => Promise<FacelaneEvent[]>;
}

type Connected = Awaited<ReturnType<typeof connect>>;
let connected: Promise<Connected> | undefined;

/** One server for the tests of a file; each outbox has a log of its own there. */
async function connect() {
  const server = await startRedis();
  const redis = await connectProducer(server, () => undefined);
  return { server, redis };
}

afterAll(async () => {
  const { server, redis } = (await connected) ?? {};
  redis?.disconnect();
  await server?.stop();
});

/** An outbox over a log on a real Redis. */
export async function openOutbox(): Promise<TestOutbox> {
  const { redis } = await (connected ??= connect());
  const log = new EventLog(redis, `test-${randomUUID()}`);
  return { outbox: new LogEventOutbox(log), log, events: (tenant) => readEvents(log, tenant) };
}

/** Everything in the log of the tenant, in its order. Fails on what is no event. */
export async function readEvents(log: EventLog, tenant: string): Promise<FacelaneEvent[]> {
  const events: FacelaneEvent[] = [];
  for (let after: string | undefined; ;) {
    const page = await log.read(tenant, { limit: 1_000, ...(after !== undefined && { after }) });
    events.push(...page.events.map(({ body }) => parseEvent(JSON.parse(body))));
    if (page.end) return events;
    after = page.next;
  }
}
