import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HTTP_CODE_METADATA, METHOD_METADATA, MODULE_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { RequestMethod, type Type } from '@nestjs/common';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import { describe, expect, it } from 'vitest';
import type { EndpointDeclaration } from '../endpoint/define-endpoint.js';
import { HttpApiModule } from '../http-api.module.js';
import { buildOpenApi } from '../openapi/build-openapi.js';
import { type ProblemCode, PROBLEMS } from '../problem/problem.table.js';
import { ENDPOINTS } from './index.js';

const SOURCE = join(import.meta.dirname, '..');

interface Handler {
  readonly controller: string;
  readonly name: string;
  /** Absent: a route without a declaration, or no route at all. */
  readonly endpoint: EndpointDeclaration | undefined;
  readonly method: unknown;
  readonly path: unknown;
  readonly status: unknown;
}

const controllers = Reflect.getMetadata(MODULE_METADATA.CONTROLLERS, HttpApiModule) as Type[];

/** Methods that a controller offers to Nest; private helpers have no route. */
const handlers: readonly Handler[] = controllers.flatMap((controller) => {
  const prototype = controller.prototype as Record<string, object>;
  return Object.getOwnPropertyNames(prototype)
    .filter((name) => name !== 'constructor')
    .map((name): Handler => {
      const about = (key: string): unknown => Reflect.getMetadata(key, prototype[name]!);
      const config = about(FASTIFY_ROUTE_CONFIG_METADATA) as { endpoint?: EndpointDeclaration } | undefined;
      return {
        ...{ controller: controller.name, name, endpoint: config?.endpoint },
        ...{ method: about(METHOD_METADATA), path: about(PATH_METADATA), status: about(HTTP_CODE_METADATA) },
      };
    })
    .filter(({ method }) => method !== undefined);
});

describe('the table of endpoints', () => {
  it('names each one once', () => {
    expect(new Set(ENDPOINTS.map(({ id }) => id)).size).toBe(ENDPOINTS.length);
    const addresses = ENDPOINTS.map(({ method, path }) => `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`);
    expect(new Set(addresses).size).toBe(ENDPOINTS.length);
  });

  it('has one method of a controller for each, and no controller a route beside it', () => {
    expect(handlers.filter(({ endpoint }) => endpoint === undefined)).toEqual([]);
    expect(handlers.map(({ endpoint }) => endpoint?.id).sort()).toEqual(ENDPOINTS.map(({ id }) => id).sort());
  });

  it.each(ENDPOINTS)('$id is routed as it is declared', (endpoint) => {
    const handler = handlers.find((one) => one.endpoint === endpoint);
    expect(handler).toMatchObject({
      method: RequestMethod[endpoint.method],
      path: endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      status: endpoint.success.status,
    });
  });

  it.each(ENDPOINTS)('$id has exactly the parameters of its address', ({ path, params }) => {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(Object.keys(params?.shape ?? {}).sort()).toEqual(inPath.sort());
  });

  it('asks for a key everywhere but where there is a reason not to', () => {
    const open = ENDPOINTS.filter(({ access }) => access === 'none').map(({ id }) => id);
    // The address of an upload is its own proof; probes of an orchestrator have no key.
    expect(open.sort()).toEqual(['live', 'putUpload', 'ready']);
  });
});

/** Codes that a file refuses with. */
const thrownIn = (text: string): ProblemCode[] =>
  [...text.matchAll(/(?:ProblemError|refused)\(\s*'(API\.[A-Z_]+)'/g)].map(([, code]) => code as ProblemCode);

const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.includes('testing'))
  .map((file) => ({ file, text: readFileSync(join(SOURCE, file), 'utf8') }));

/** Codes that the description of the API names for any endpoint. */
const described = new Set(JSON.stringify(buildOpenApi().paths).match(/API\.[A-Z_]+/g));

describe('the table of refusals', () => {
  it('is described to callers, as far as it is thrown', () => {
    const thrown = new Set(files.flatMap(({ text }) => thrownIn(text)));
    // An address that is none belongs to no endpoint.
    expect([...thrown].filter((code) => !described.has(code))).toEqual(['API.ROUTE_MISSING']);
  });

  it('has nothing in it that nobody throws', () => {
    const thrown = new Set(files.flatMap(({ text }) => thrownIn(text)));
    expect((Object.keys(PROBLEMS) as ProblemCode[]).filter((code) => !thrown.has(code))).toEqual([]);
  });

  it.each(controllers.map(({ name }) => name))('covers what %s throws itself', (name) => {
    const { text } = files.find((one) => one.text.includes(`class ${name} `))!;
    const declared = new Set<string>(
      handlers.filter(({ controller }) => controller === name).flatMap(({ endpoint }) => endpoint?.problems ?? []),
    );
    const general = new Set(['API.SCOPE_MISSING', 'API.UNAVAILABLE']);
    expect(thrownIn(text).filter((code) => !declared.has(code) && !general.has(code))).toEqual([]);
  });

  it('covers, for every endpoint that takes photos, those that it may not use', () => {
    const withPhotos = ENDPOINTS.filter(({ body }) => body?.photos !== undefined);
    expect(withPhotos.length).toBeGreaterThan(0);
    for (const { id, problems } of withPhotos) expect(problems, id).toContain('API.SOURCE_NOT_ALLOWED');
  });
});
