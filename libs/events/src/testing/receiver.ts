import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly id: string;
  readonly body: string;
  readonly at: number;
}

/** What a receiver does with its n-th request, from 1. Never answers when it does not end the response. */
export type Answer = (response: ServerResponse, n: number) => void;

export const status =
  (code: number, headers: Record<string, string> = {}, body = ''): Answer =>
  (response) =>
    void response.writeHead(code, headers).end(body);
export const hang: Answer = () => undefined;

/** A webhook endpoint of somebody, on this machine. */
export class Receiver {
  readonly received: Received[] = [];
  /** Most requests that it had at a time. */
  most = 0;
  private now = 0;
  private readonly server;

  private constructor(public answer: Answer) {
    this.server = createServer((request, response) => {
      this.now += 1;
      this.most = Math.max(this.most, this.now);
      response.once('close', () => (this.now -= 1));
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.once('end', () => {
        const { headers } = request;
        this.received.push({ headers, body, id: String(headers['webhook-id']), at: performance.now() });
        this.answer(response, this.received.length);
      });
    });
  }

  static async start(answer: Answer = status(204)): Promise<Receiver> {
    const receiver = new Receiver(answer);
    receiver.server.listen(0, '127.0.0.1');
    await once(receiver.server, 'listening');
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  /** Requests that it has now. */
  get open(): number {
    return this.now;
  }

  get ids(): string[] {
    return this.received.map(({ id }) => id);
  }

  async stop(): Promise<void> {
    if (!this.server.listening) return;
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}
