import { once } from 'node:events';
import { createServer as createHttp, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Certificate } from './self-signed.certificate.js';

/** A server on 127.0.0.1 that somebody else may have set up: it answers as the test says. */
export interface StrangeServer {
  readonly port: number;
  readonly url: (path: string) => string;
  /** In the order they came. */
  readonly requests: readonly IncomingMessage[];
  /** How many connections were made to it. */
  readonly connections: () => number;
  readonly stop: () => Promise<void>;
}

export async function startStrangeServer(answer: RequestListener, tls?: Certificate): Promise<StrangeServer> {
  const requests: IncomingMessage[] = [];
  const sockets: Socket[] = [];
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    requests.push(request);
    answer(request, response);
  };
  const server = tls === undefined ? createHttp(listener) : createHttps(tls, listener);
  server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => sockets.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: (path) => `http${tls === undefined ? '' : 's'}://127.0.0.1:${port}${path}`,
    requests,
    connections: () => sockets.length,
    stop: async () => {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
