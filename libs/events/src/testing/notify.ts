import { LeaseExclusion } from '@facelane/boot';
import {
  DELIVERIES,
  type DeliveryJob,
  type DeliveryOutput,
  definePipeline,
  defineStage,
  type StageContext,
} from '@facelane/contracts';
import { FsObjectStore, type ObjectStore } from '@facelane/object-store';
import { GuardedPoster } from '@facelane/outbound';
import { connectWorker, PipelineBelt, RedisLease } from '@facelane/queue';
import { DocumentStore, WebhooksRegistry } from '@facelane/registry';
import { DeliveryHandler } from '../delivery/delivery.handler.js';
import { DeliverySender } from '../delivery/delivery.sender.js';
import { EndpointHealth } from '../delivery/endpoint.health.js';
import { FirstTries } from '../delivery/first.tries.js';
import { EndpointTurns } from '../delivery/endpoint.turns.js';
import { DeliveryAdder } from '../dispatch/delivery.adder.js';
import { EndpointBacklogs } from '../dispatch/endpoint.backlogs.js';
import { EndpointBook, tellBooks } from '../dispatch/endpoint.book.js';
import { EventDispatcher } from '../dispatch/event.dispatcher.js';
import { EventMatcher } from '../dispatch/event.matcher.js';
import { TenantFollower } from '../dispatch/tenant.follower.js';

export interface NotifyOptions {
  readonly url: string;
  readonly prefix: string;
  /** Folder of the object store. */
  readonly root: string;
  /** Waits between attempts, milliseconds. */
  readonly delaysMs?: readonly number[];
  readonly timeoutMs?: number;
  readonly capacity?: number;
  readonly allow?: readonly string[];
  readonly disabledAfterMs?: number;
  /** Deliveries that may wait for an endpoint. */
  readonly maxWaiting?: number;
}

const onError = (): void => undefined;

/** What the program `notify` runs, quick to try again and quick to be missed. */
export async function startNotify(
  options: NotifyOptions,
  /** A folder has one store per process. */
  store: ObjectStore = new FsObjectStore({ root: options.root, bucket: 'facelane' }),
): Promise<{ stop: () => Promise<void> }> {
  const { url, prefix, delaysMs = [20, 20, 20], timeoutMs = 10_000, capacity = 32 } = options;
  const retry = { attempts: delaysMs.length + 1, delaysMs: [...delaysMs] };
  const stage = defineStage({ ...DELIVERIES.stages.delivery, retry, lockMs: 1_000, concurrency: capacity });
  const belt = await PipelineBelt.open(definePipeline({ delivery: stage }), 'worker', { url, prefix, onError });
  const redis = connectWorker({ url }, onError);
  const lease = new RedisLease(redis, prefix, { leaseMs: 1_000 });
  const exclusion = new LeaseExclusion(lease);
  const webhooks = new WebhooksRegistry(new DocumentStore(store, exclusion), exclusion, tellBooks(belt.revisions));
  const endpoints = new EndpointBook(webhooks, belt.revisions, { ttlMs: 20 });
  const poster = new GuardedPoster({ allowHttp: true, allow: options.allow ?? ['127.0.0.1'], timeoutMs });
  const log = belt.eventLog;
  const { disabledAfterMs, maxWaiting } = options;
  const turns = new EndpointTurns(belt.places, { capacity, holdMs: timeoutMs + 2_000 });
  const sender = new DeliverySender(poster);
  const { attempts, queues, withdrawals } = belt;
  const adder = new DeliveryAdder({ log, queues, withdrawals });
  const handler = new DeliveryHandler({
    ...{ endpoints, turns, sender, attempts },
    firstTries: new FirstTries({ turns, sender, attempts, log, adder, retry, onMissing: onError }),
    health: new EndpointHealth({
      webhooks,
      endpoints,
      log,
      onDisabled: onError,
      ...(disabledAfterMs !== undefined && { disabledAfterMs }),
    }),
    retry,
    onTrouble: (error) => process.stderr.write(`${String(error)}\n`),
  });
  const running = new Set<Promise<DeliveryOutput>>();
  const handle = (job: DeliveryJob, context: StageContext): Promise<DeliveryOutput> => {
    const run = handler.handle(job, context).finally(() => running.delete(run));
    running.add(run);
    return run;
  };
  const worker = belt.startWorker({ stage, handler: handle });
  const matcher = new EventMatcher(endpoints, onError);
  const follower = new TenantFollower({
    ...{ log, matcher, webhooks, onGap: onError, onMissed: onError },
    adder,
    backlogs: new EndpointBacklogs(belt.census, { lookMs: 50, ...(maxWaiting !== undefined && { most: maxWaiting }) }),
  });
  const dispatcher = new EventDispatcher({ log, lease, follower, onTrouble: onError, lookMs: 50 });
  dispatcher.start();
  return {
    stop: async () => {
      await dispatcher.stop();
      await worker.drain(0);
      await poster.close();
      // What is handed back goes on until it notices; whoever stops this removes the store next.
      await Promise.allSettled(running);
      await belt.close();
      redis.disconnect();
    },
  };
}
