import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { startRedis } from './redis.js';

/** One command over a bare socket; the whole answer as text. */
function ask(url: string, command: string): Promise<string> {
  const { hostname, port, password } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('error', reject).on('close', () => resolve(text));
    socket.end(`AUTH ${password}\r\n${command}\r\nQUIT\r\n`);
  });
}

it('keeps address and data over a crash and a restart, and leaves nothing after stop', async () => {
  const redis = await startRedis();
  await ask(redis.url, 'SET job 1');
  await redis.kill9();
  await expect(ask(redis.url, 'PING')).rejects.toThrow('ECONNREFUSED');
  await redis.restart();
  expect(await ask(redis.url, 'GET job')).toContain('$1\r\n1\r\n');
  await redis.stop();
  await expect(ask(redis.url, 'PING')).rejects.toThrow('ECONNREFUSED');
});
