import { createSocket, type Socket } from 'node:dgram';
import { afterEach, describe, expect, it } from 'vitest';
import { askNameServers } from './name-servers.js';

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

/** A name server, by the message that it answers a question with; undefined: not at all. */
async function nameServer(answer: (question: Buffer) => Buffer | undefined): Promise<string> {
  const socket = createSocket('udp4');
  sockets.push(socket);
  socket.on('message', (question, { port, address }) => {
    const message = answer(question);
    if (message !== undefined) socket.send(message, port, address);
  });
  await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done));
  return `127.0.0.1:${socket.address().port}`;
}

/** Answers (RFC 1035, section 4.1) to questions of type A with 10.1.2.3, to others with nothing. */
function tenOneTwoThree(question: Buffer): Buffer {
  const end = question.indexOf(0, 12) + 5;
  const isA = question.readUInt16BE(end - 4) === 1;
  const header = Buffer.from([...question.subarray(0, 2), 0x81, 0x80, 0, 1, 0, isA ? 1 : 0, 0, 0, 0, 0]);
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 1, 2, 3]);
  return Buffer.concat([header, question.subarray(12, end), ...(isA ? [record] : [])]);
}

describe('name servers', () => {
  it('tell the addresses of a name', async () => {
    const servers = [await nameServer(tenOneTwoThree)];
    expect(await askNameServers('hooks.example', { servers })).toEqual(['10.1.2.3']);
  });

  it('that say nothing are not waited for', async () => {
    const silent = await Promise.all([1, 2, 3].map(() => nameServer(() => undefined)));
    expect(await askNameServers('hooks.example', { servers: silent, patienceMs: 50 })).toEqual([]);
  });
});
