import type { ObjectStore } from '@facelane/object-store';
import type { StageRun } from '@facelane/queue';
import type { FacelaneSession } from '@facelane/runtime';

/** What a run of the pipeline costs besides time. */
export interface Costs {
  /** By the stages. */
  readonly storeRequests: number;
  /** By the caller, who reads each result. */
  readonly callerRequests: number;
  readonly jobBytes: number;
  readonly peakRssBytes: number;
}

const REQUESTS = ['get', 'head', 'put', 'delete'] as const satisfies readonly (keyof ObjectStore)[];

/** Counts what passes through a session's store and queues from now on. */
export function probe({ store, belt, assets }: FacelaneSession): { costs: () => Costs; stop: () => void } {
  let storeRequests = 0;
  let jobBytes = 0;
  let peakRssBytes = 0;
  for (const name of REQUESTS) {
    const original = store[name].bind(store) as (...args: unknown[]) => unknown;
    Object.assign(store, { [name]: (...args: unknown[]) => ((storeRequests += 1), original(...args)) });
  }
  let callerRequests = 0;
  const findResult = assets.findResult.bind(assets);
  assets.findResult = (key) => ((callerRequests += 1), findResult(key));
  const { queues } = belt;
  const enqueue = queues.enqueue.bind(queues);
  queues.enqueue = (stage, inputs) => {
    for (const input of inputs) jobBytes += Buffer.byteLength(JSON.stringify(input));
    return enqueue(stage, inputs);
  };
  const timer = setInterval(() => (peakRssBytes = Math.max(peakRssBytes, process.memoryUsage.rss())), 50);
  return {
    costs: () => ({ storeRequests: storeRequests - callerRequests, callerRequests, jobBytes, peakRssBytes }),
    stop: () => clearInterval(timer),
  };
}

/** Collects the durations of every stage's runs. */
export class StageTimes {
  readonly byStage = new Map<string, number[]>();

  readonly onRun = ({ stage, durationMs }: StageRun): void => {
    const times = this.byStage.get(stage);
    if (times === undefined) this.byStage.set(stage, [durationMs]);
    else times.push(durationMs);
  };

  reset(): void {
    this.byStage.clear();
  }
}
