import { readlinkSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/** How much less of a busy processor this thread asks for: a third of the share of the thread that answers people. */
const NICENESS = 5;

/**
 * Has the thread that calls it give way to the others of its process where they want the processor at the same time: the
 * main thread then answers, renews locks and talks to Redis without waiting for the end of a model's time slice. Linux
 * keeps a niceness for each thread; elsewhere nothing happens.
 */
export function giveWay(): void {
  if (process.platform !== 'linux') return;
  try {
    // <process>/task/<thread>: Node does not tell a thread's number in any other way.
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    setPriority(thread, Math.min(19, getPriority() + NICENESS));
  } catch {
    // A container without /proc, or one that may not: it only costs latency.
  }
}
