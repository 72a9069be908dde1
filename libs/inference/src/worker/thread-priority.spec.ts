import { getPriority } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';

/** Compiled: a thread of its own runs without the test runner's loader. */
const COMPILED = new URL('../../../../dist/libs/inference/src/worker/thread-priority.js', import.meta.url);

const THREAD = `
import { readlinkSync } from 'node:fs';
import { getPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { giveWay } from '${pathToFileURL(fileURLToPath(COMPILED)).href}';
giveWay();
parentPort.postMessage(getPriority(Number(readlinkSync('/proc/thread-self').split('/').at(-1))));
`;

it.runIf(process.platform === 'linux')('a thread that gives way does so alone', async () => {
  const before = getPriority();
  const url = new URL(`data:text/javascript,${encodeURIComponent(THREAD)}`);
  const priority = await new Promise((resolve, reject) => {
    new Worker(url).once('message', resolve).once('error', reject);
  });
  expect([priority, getPriority()]).toEqual([Math.min(19, before + 5), before]);
});
