import fc from 'fast-check';
import type { ApiDescription, JsonSchema, Operation } from './api.description.js';
import type { RawRequest } from './raw.request.js';
import { broken, fitting, type KnownValues, misfit } from './schema.values.js';

/** A request to an operation, right, nearly right or wrong. */
export interface GeneratedRequest {
  /** Id of the operation. */
  readonly operation: string;
  readonly request: RawRequest;
}

/** Segments of an address that lead, or should lead, nowhere. */
const SEGMENTS = [
  ...['..%2f', '..%2f..%2fkeys', '%2e%2e', '%2e', '..', '.', '%00', 'a%00b', '%ff', '%f0%9f%98%80', '%25', '%', '%20'],
  ...['a%0d%0aset-cookie:x', '*', ';', "'", '%22', '%5c..%5c', '%2f', '%2F%2F', 'null', 'undefined', '__proto__', '-'],
  ...[
    'constructor',
    '0',
    '-1',
    '1e9',
    '9'.repeat(40),
    'a'.repeat(64),
    'a'.repeat(300),
    'A',
    '00000000-0000-0000-0000-000000000000',
  ],
] as const;

const QUERY_NAMES = [
  '__proto__',
  'limit[]',
  'limit[$gt]',
  'constructor',
  'unknown',
  '',
  'tenant',
  'cursor',
  'limit',
] as const;

const HEADERS: readonly (readonly [name: string, value: string])[] = [
  ['accept', 'text/html'],
  ['accept', 'image/png;q=2,,;'],
  ['accept-encoding', 'br;q=NaN'],
  ['content-encoding', 'gzip'],
  ['authorization', 'Bearer fl_acme_0123456789abcdef_' + 'a'.repeat(43)],
  ['authorization', 'Basic b3BlcmF0b3I6'],
  ['facelane-tenant', 'other'],
  ['facelane-tenant', '../other'],
  ['idempotency-key', 'once'],
  ['idempotency-key', 'x'.repeat(300)],
  ['idempotency-key', 'k\u00e9y'],
  ['x-request-id', '<script>'],
  ['x-request-id', 'mine-1'],
  ['x-http-method-override', 'DELETE'],
  ['origin', 'null'],
  ['range', 'bytes=0-1,5-'],
  ['if-none-match', '*'],
  ['x-forwarded-for', '127.0.0.1, \u00ff'],
  ['x-weird', 'a'.repeat(8_000)],
  ['content-type', 'application/json; charset=utf-16'],
  ['content-type', 'application/problem+json'],
  ['content-type', 'application/x-www-form-urlencoded'],
  ['content-type', 'text/plain'],
  ['content-type', 'multipart/form-data'],
  ['content-type', 'multipart/form-data; boundary='],
  ['content-type', 'multipart/form-data; boundary=other'],
  ['content-type', 'image/jpeg'],
  ['content-type', ';'],
  ['content-type', '\u00e9'],
];

/** Requests to every operation alike. */
export function apiRequests(
  api: ApiDescription,
  knownTo: (operation: string) => KnownValues,
  headers: Readonly<Record<string, string>>,
): fc.Arbitrary<GeneratedRequest> {
  return fc.oneof(
    ...api.operations.map((operation) => {
      const context = { ...knownTo(operation.id), resolve: (ref: string) => api.resolve(ref) };
      const values: ValuesOf = (schema, name) => fitting(schema, context, name);
      return fc
        .record({
          target: targetOf(operation, values),
          more: fc.option(fc.constantFrom(...HEADERS), { freq: 3, nil: undefined }),
          payload: payloadOf(operation, values),
        })
        .map(({ target, more, payload }): GeneratedRequest => ({
          operation: operation.id,
          request: {
            ...{ method: operation.method, target, body: payload.body },
            headers: { ...headers, ...payload.headers, ...(more && { [more[0]]: more[1] }) },
          },
        }));
    }),
  );
}

type ValuesOf = (schema: JsonSchema, name?: string) => fc.Arbitrary<unknown>;

function targetOf({ path, parameters }: Operation, values: ValuesOf): fc.Arbitrary<string> {
  const segment = (schema: JsonSchema, name: string): fc.Arbitrary<string> =>
    mostly(
      values(schema, name).map((value) => encodeURIComponent(String(value))),
      fc.constantFrom(...SEGMENTS),
      9,
    );
  const inPath = parameters.filter((one) => one.in === 'path');
  const inQuery = parameters.filter((one) => one.in === 'query');
  const segments = fc.tuple(...inPath.map(({ schema, name }) => segment(schema, name)));
  const pair = (name: string, schema: JsonSchema, explode?: boolean): fc.Arbitrary<string> =>
    mostly(values(schema, name), misfit, 8)
      .map((value) => (explode === false && Array.isArray(value) ? value.map(String).join(',') : value))
      .map((value) => `${encodeURIComponent(name)}=${encoded(value).slice(0, 5_000)}`);
  const declared = fc.tuple(
    ...inQuery.map(({ name, schema, required, explode }) =>
      fc.option(pair(name, schema, explode), { freq: required === true ? 12 : 1, nil: undefined }),
    ),
  );
  // Said twice, or not known at all.
  const stray = fc.option(
    fc.oneof(
      ...inQuery.map(({ name, schema }) => pair(name, schema)),
      fc.constantFrom(...QUERY_NAMES).chain((name) => pair(name, { type: 'string' })),
    ),
    { freq: 1, nil: undefined },
  );
  return fc.record({ segments, declared, stray }).map((found) => {
    const parts = found.segments;
    let at = 0;
    const filled = path.replaceAll(/\{\w+\}/g, () => parts[at++] ?? '');
    const query = [...found.declared, found.stray].filter((one) => one !== undefined);
    return query.length === 0 ? filled : `${filled}?${query.join('&')}`;
  });
}

interface Payload {
  readonly body?: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

function payloadOf({ bodies }: Operation, values: ValuesOf): fc.Arbitrary<Payload> {
  const none = fc.constant<Payload>({ headers: {} });
  const json = (value: unknown): Payload => ({
    body: Buffer.from(JSON.stringify(value)),
    headers: { 'content-type': 'application/json' },
  });
  const garbage = fc
    .tuple(
      fc.constantFrom('{', '{"a":', '[1,', '\u0000', '{"a":1}x', '"', '{"__proto__":{}}', '\ufeff{}', ''),
      fc.nat(1),
    )
    .map(([text]): Payload => ({ body: Buffer.from(text), headers: { 'content-type': 'application/json' } }));
  const kinds = Object.entries(bodies).map(([type, schema]): fc.Arbitrary<Payload> => {
    const fits = values(schema);
    if (type.startsWith('image/')) {
      return fc.uint8Array({ maxLength: 200 }).map((body) => ({ body, headers: { 'content-type': 'image/jpeg' } }));
    }
    const one = mostly(fits, broken(fits), 1);
    return type === 'application/json' ? one.map(json) : one.map((value) => formOf(value, schema));
  });
  if (kinds.length === 0) return mostly(none, misfit.map(json), 5);
  return fc.oneof(
    { arbitrary: fc.oneof(...kinds), weight: 10 },
    { arbitrary: garbage, weight: 1 },
    { arbitrary: none, weight: 1 },
  );
}

/** Fields of binary format are files, and so is now and then another one; the rest is text or JSON. */
function formOf(value: unknown, schema: JsonSchema): Payload {
  const isFile = ({ format, items }: JsonSchema = {}): boolean => format === 'binary' || items?.format === 'binary';
  const fields = typeof value === 'object' && value !== null ? Object.entries(value) : [['value', value] as const];
  const parts = fields.flatMap(([name, field]: readonly [string, unknown]) => {
    const file = isFile(schema.properties?.[name]) ? '; filename="a.jpg"' : '';
    const items: unknown[] = Array.isArray(field) && file !== '' ? field.slice(0, 200) : [field];
    return items.map((item) => {
      const head = `content-disposition: form-data; name="${name.replaceAll(/["\r\n]/g, '_')}"${file}`;
      return `--xyz\r\n${head}\r\n\r\n${typeof item === 'string' ? item : JSON.stringify(item)}\r\n`;
    });
  });
  return {
    body: Buffer.from(`${parts.join('')}--xyz--\r\n`),
    headers: { 'content-type': 'multipart/form-data; boundary=xyz' },
  };
}

const mostly = <T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>, weight: number): fc.Arbitrary<T> =>
  fc.oneof({ arbitrary: usual, weight }, { arbitrary: rare, weight: 1 });

/** Anything as part of a query, lone surrogates too. */
const encoded = (value: unknown): string =>
  encodeURIComponent((typeof value === 'string' ? value : JSON.stringify(value)).toWellFormed());
