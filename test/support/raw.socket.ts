import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection on which anything may be sent, at any pace. */
export class RawSocket {
  private received = '';
  /** Resolves when the connection is closed by whichever side. */
  readonly closed: Promise<void>;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => (this.received += chunk.toString('latin1')));
    // A server that closes while something is on its way resets the connection.
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
  }

  static async open(address: string): Promise<RawSocket> {
    const { hostname, port } = new URL(address);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new RawSocket(socket);
  }

  /** Everything that was received. */
  get text(): string {
    return this.received;
  }

  /** Of the answer, once its first line is there. */
  get status(): number | undefined {
    const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(this.received) ?? [];
    return status === undefined ? undefined : Number(status);
  }

  get isOpen(): boolean {
    return !this.socket.destroyed;
  }

  /** Resolves when it was handed to the network, or when nobody takes it any more. */
  async write(data: string | Uint8Array): Promise<void> {
    if (!this.isOpen) return;
    const written = new Promise<void>((resolve) => this.socket.write(data, () => resolve()));
    await Promise.race([written, this.closed]);
  }

  hangUp(): void {
    this.socket.destroy();
  }
}

/** The first lines of a request. */
export const headOf = (method: string, path: string, headers: Readonly<Record<string, string | number>>): string =>
  [
    `${method} ${path} HTTP/1.1`,
    'host: facelane',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]
    .map((line) => `${line}\r\n`)
    .join('')
    .concat('\r\n');
