import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Receipt } from './receipt.js';

const CHILD = fileURLToPath(new URL('receiver.child.js', import.meta.url));

/** Receivers of webhooks in a process of their own, one per path. */
export interface FarReceiver {
  /** Without a path. */
  readonly address: string;
  /** Resolves to what arrived since the last call as soon as that is so many different deliveries. */
  take(deliveries: number): Promise<readonly Receipt[]>;
  stop(): Promise<void>;
}

export async function startReceiver(): Promise<FarReceiver> {
  const child = fork(CHILD);
  const [port] = (await once(child, 'message')) as [number];
  return {
    address: `http://127.0.0.1:${port}`,
    take: async (deliveries) => {
      const told = once(child, 'message') as Promise<[Receipt[]]>;
      child.send({ expect: deliveries });
      return (await told)[0];
    },
    stop: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
