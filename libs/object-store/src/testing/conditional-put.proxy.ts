import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ConditionalPutProxy {
  readonly endpoint: string;
  stop(): Promise<void>;
}

const REFUSAL =
  '<?xml version="1.0" encoding="UTF-8"?><Error><Code>PreconditionFailed</Code><Message>no</Message></Error>';

/**
 * Gives an S3 endpoint that lacks them If-Match and If-None-Match on PUT, as Amazon answers them: conditional writes
 * one at a time, 412 when the condition does not hold, 404 when If-Match meets nothing.
 */
export async function startConditionalPutProxy(target: string): Promise<ConditionalPutProxy> {
  let turn: Promise<void> = Promise.resolve();
  const server = createServer((incoming, outgoing) => {
    if (incoming.method !== 'PUT') return void forward(target, incoming, outgoing);
    turn = turn.then(() => put(target, incoming, outgoing));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function put(target: string, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { 'if-match': match, 'if-none-match': noneMatch } = incoming.headers;
  if (match !== undefined || noneMatch !== undefined) {
    const etag = await currentEtag(target, incoming.url ?? '/');
    const status = refusal(etag, match, noneMatch);
    if (status !== undefined) {
      incoming.resume();
      outgoing.writeHead(status, { 'content-type': 'application/xml' });
      outgoing.end(status === 404 ? REFUSAL.replace('PreconditionFailed', 'NoSuchKey') : REFUSAL);
      return;
    }
  }
  await forward(target, incoming, outgoing);
}

function refusal(etag: string | undefined, match?: string, noneMatch?: string): 404 | 412 | undefined {
  if (noneMatch === '*' && etag !== undefined) return 412;
  if (match === undefined) return undefined;
  if (etag === undefined) return 404;
  return match === etag ? undefined : 412;
}

function currentEtag(target: string, path: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    request(`${target}${path.split('?')[0] ?? ''}`, { method: 'HEAD' }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200 ? answer.headers.etag : undefined);
    })
      .on('error', reject)
      .end();
  });
}

function forward(target: string, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { method, headers, url } = incoming;
  return new Promise((resolve) => {
    const onward = request(`${target}${url ?? '/'}`, { method: method ?? 'GET', headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing).on('close', resolve);
    });
    onward.on('error', () => {
      outgoing.destroy();
      resolve();
    });
    incoming.pipe(onward);
  });
}
