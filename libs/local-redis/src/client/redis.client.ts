import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { decodeReply, encodeCommand, type Reply } from './resp.js';

export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly username?: string;
  readonly password?: string;
}

/** Parses a `redis://` or `rediss://` URL; the database number is left to the one who works with it. */
export function parseRedisUrl(url: string): RedisAddress {
  const { protocol, hostname, port, username, password } = new URL(url);
  return {
    // An IPv6 address stands in brackets in a URL and without them everywhere else.
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? 6379 : Number(port),
    tls: protocol === 'rediss:',
    ...(username !== '' && { username: decodeURIComponent(username) }),
    ...(password !== '' && { password: decodeURIComponent(password) }),
  };
}

interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/**
 * One connection for a handful of administrative commands. The jobs travel through libs/queue's client; this one
 * exists so that looking after the server needs no client library.
 */
export class RedisClient {
  /** Resolves when the connection is gone, for whatever reason. */
  readonly closed: Promise<void>;
  private readonly waiting: Waiting[] = [];
  private received = Buffer.alloc(0);

  private constructor(private readonly socket: Socket) {
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('the connection was closed')));
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    socket.setKeepAlive(true, 30_000);
    // Looking after the server keeps no process alive.
    socket.unref();
  }

  /** @throws Error when the server is not reached, does not answer within `timeoutMs`, or refuses the password. */
  static async open(address: RedisAddress, timeoutMs: number): Promise<RedisClient> {
    const { host, port, tls, username, password } = address;
    const socket = tls ? connectTls({ host, port, servername: host }) : connectPlain({ host, port });
    const client = new RedisClient(socket);
    try {
      await within(timeoutMs, once(socket, tls ? 'secureConnect' : 'connect'));
      if (password !== undefined) {
        await client.call(['AUTH', ...(username === undefined ? [] : [username]), password], timeoutMs);
      }
      return client;
    } catch (error) {
      client.close();
      throw error;
    }
  }

  /** @throws Error with the server's own text when it answers with one. */
  async call(command: readonly string[], timeoutMs = 5_000): Promise<Reply> {
    const answered = new Promise<Reply>((resolve, reject) => {
      if (this.socket.destroyed) {
        reject(new Error('the connection was closed'));
        return;
      }
      this.waiting.push({ resolve, reject });
      this.socket.write(encodeCommand(command));
    });
    const reply = await within(timeoutMs, answered);
    if (reply instanceof Error) throw reply;
    return reply;
  }

  get isClosed(): boolean {
    return this.socket.destroyed;
  }

  close(): void {
    this.socket.destroy();
  }

  private receive(chunk: Buffer): void {
    this.received = Buffer.concat([this.received, chunk]);
    try {
      for (let next = decodeReply(this.received); next !== undefined; next = decodeReply(this.received)) {
        this.received = this.received.subarray(next.end);
        this.waiting.shift()?.resolve(next.reply);
      }
    } catch (error) {
      this.socket.destroy(error as Error);
    }
  }

  private fail(error: Error): void {
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}

function once(socket: Socket, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, () => resolve());
    socket.once('error', reject);
  });
}

async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new NoAnswerError(timeoutMs)), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Something accepted the connection and says nothing: it may be alive and must not be taken for dead. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';

  constructor(timeoutMs: number) {
    super(`no answer within ${timeoutMs} ms`);
  }
}
