import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scope } from '@facelane/contracts';
import { type ChildProgram, startProgram } from './child.program.js';

const ADMIN_KEY = 'the-key-of-the-operator-in-tests';

/** An answer with everything that a test may look at. */
export interface ApiAnswer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** The API as one caller sees it. */
export class ApiCaller {
  constructor(
    readonly address: string,
    private readonly headers: Readonly<Record<string, string>>,
  ) {}

  /** Sends JSON, or nothing; whatever the answer is. */
  async ask<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ApiAnswer<T>> {
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    return this.send<T>(path, {
      ...{ method, headers: { ...json, ...headers } },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  /** The same, and fails unless the answer is a success. */
  async json<T>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<T> {
    return required(`${method} ${path}`, await this.ask<T>(method, path, body, headers));
  }

  /** Sends a multipart form; bytes become files. */
  async askForm<T>(path: string, fields: FormFields, headers: Record<string, string> = {}): Promise<ApiAnswer<T>> {
    const form = new FormData();
    for (const [name, values] of Object.entries(fields)) {
      for (const value of Array.isArray(values) ? values : [values]) {
        if (value instanceof Uint8Array) form.append(name, new Blob([new Uint8Array(value)]), 'photo.jpg');
        else form.append(name, String(value));
      }
    }
    return this.send<T>(path, { method: 'POST', body: form, headers });
  }

  /** The same, and fails unless the answer is a success. */
  async form<T>(path: string, fields: FormFields, headers?: Record<string, string>): Promise<T> {
    return required(`POST ${path}`, await this.askForm<T>(path, fields, headers));
  }

  async bytes(path: string): Promise<Uint8Array> {
    const answer = await fetch(`${this.address}${path}`, { headers: this.headers });
    return new Uint8Array(await answer.arrayBuffer());
  }

  private async send<T>(path: string, init: RequestInit): Promise<ApiAnswer<T>> {
    const headers = { ...this.headers, ...(init.headers as Record<string, string>) };
    const answer = await fetch(`${this.address}${path}`, { ...init, headers });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: (text === '' ? undefined : JSON.parse(text)) as T };
  }
}

type FormValue = Uint8Array | string | number | boolean;
export type FormFields = Readonly<Record<string, FormValue | readonly FormValue[]>>;

function required<T>(what: string, { status, body }: ApiAnswer<T>): T {
  if (status >= 200 && status < 300) return body;
  throw new Error(`${what} answered ${status}: ${JSON.stringify(body)}`);
}

export interface RunningApi {
  readonly address: string;
  readonly dataDir: string;
  readonly program: ChildProgram;
  /** The operator's key. */
  readonly key: string;
  /** A caller with this key; for the operator's, the tenant he acts for. */
  as(key: string, tenant?: string): ApiCaller;
  /** Makes a key of a tenant. */
  newKey(tenant: string, scopes: readonly Scope[], more?: Readonly<Record<string, unknown>>): Promise<string>;
  stop(): Promise<void>;
}

/** The whole product as one program, with data of its own. */
export async function startStandaloneApi(env: Readonly<Record<string, string>> = {}): Promise<RunningApi> {
  const dataDir = await mkdtemp(join(tmpdir(), 'facelane-api-'));
  const program = startProgram('standalone', {
    ...{ DATA_DIR: dataDir, API_PORT: '0', API_ADMIN_KEY: ADMIN_KEY, INFERENCE_THREADS: '2' },
    ...env,
  });
  await program.says('API listening');
  const [, address = ''] = /"address":"([^"]+)"/.exec(program.stderr()) ?? [];
  const as = (key: string, tenant?: string): ApiCaller =>
    new ApiCaller(address, {
      authorization: `Bearer ${key}`,
      ...(tenant !== undefined && { 'facelane-tenant': tenant }),
    });
  return {
    ...{ address, dataDir, program, key: ADMIN_KEY, as },
    newKey: async (tenant, scopes, more = {}) => {
      const wish = { name: 'test', scopes, tenant, ...more };
      return (await as(ADMIN_KEY).json<{ key: string }>('POST', '/v1/keys', wish)).key;
    },
    stop: async () => {
      await program.end('SIGTERM');
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
