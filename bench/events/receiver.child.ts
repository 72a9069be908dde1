/**
 * Somebody's receiver, in a process of its own as theirs are. What is posted below /hang is never answered, everything
 * else at once. Told `{ expect: n }`, it says what it received as soon as that is so many different deliveries.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { now, type Receipt } from './receipt.js';

const received = new Map<string, Receipt>();
let expected = Infinity;

function tellIfAll(): void {
  if (received.size < expected) return;
  process.send!([...received.values()]);
  received.clear();
  expected = Infinity;
}

const server = createServer((request, response) => {
  request.resume().once('end', () => {
    const path = request.url ?? '';
    if (path.startsWith('/hang')) return;
    const id = String(request.headers['webhook-id']);
    const key = `${path} ${id}`;
    if (!received.has(key)) received.set(key, { path, id, at: now() });
    response.writeHead(204).end();
    tellIfAll();
  });
});
process.on('message', ({ expect }: { expect: number }) => {
  expected = expect;
  tellIfAll();
});
process.once('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
