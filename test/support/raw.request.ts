import { Agent, request } from 'node:http';

/** A request as it is to be sent: nothing is corrected, escaped or added but the length of the body. */
export interface RawRequest {
  readonly method: string;
  /** As it stands in the first line: `fetch` would resolve `%2e%2e` and the like. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Uint8Array;
}

/** One caller's connections. */
export class RawCaller {
  private readonly agent = new Agent({ keepAlive: true });

  constructor(private readonly address: string) {}

  async send({ method, target, headers, body }: RawRequest): Promise<RawAnswer> {
    const { hostname, port } = new URL(this.address);
    const length = body === undefined ? {} : { 'content-length': String(body.byteLength) };
    return new Promise((resolve, reject) => {
      const asked = request(
        { hostname, port, method, path: target, agent: this.agent, headers: { ...headers, ...length } },
        (answer) => {
          const chunks: Uint8Array[] = [];
          const { statusCode: status = 0, headers } = answer;
          answer.on('data', (chunk: Uint8Array) => chunks.push(chunk));
          // Of a stream of events its beginning, since some never end.
          if (status < 400 && headers['content-type']?.startsWith('text/event-stream') === true) {
            answer.destroy();
            resolve({ status, headers, bytes: Buffer.concat(chunks) });
          }
          answer.on('error', reject);
          answer.on('end', () => {
            resolve({ status, headers, bytes: Buffer.concat(chunks) });
          });
        },
      );
      asked.on('error', reject);
      asked.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
