import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface S3Proxy {
  readonly endpoint: string;
  /** `PUT /bucket/key` and so on, of every request so far. */
  readonly requests: readonly string[];
  stop(): Promise<void>;
}

export interface S3ProxyOptions {
  /** A bucket that everybody is kept out of, as Amazon says it. Default: none. */
  readonly deniedBucket?: string;
}

const DENIAL = '<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>No</Message></Error>';

/** Stands in front of an S3 endpoint: counts what really crosses the wire, and may keep clients out of a bucket. */
export async function startS3Proxy(target: string, { deniedBucket }: S3ProxyOptions = {}): Promise<S3Proxy> {
  const requests: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const url = incoming.url ?? '/';
    requests.push(`${incoming.method ?? ''} ${url}`);
    if (deniedBucket !== undefined && url.startsWith(`/${deniedBucket}/`)) {
      incoming.resume();
      outgoing.writeHead(403, { 'content-type': 'application/xml' }).end(DENIAL);
    } else {
      forward(target + url, incoming, outgoing);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function forward(url: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const onward = request(url, { method: incoming.method ?? 'GET', headers: incoming.headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
}
