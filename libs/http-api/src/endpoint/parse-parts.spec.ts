import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ProblemError } from '../problem/problem.error.js';
import { defineEndpoint } from './define-endpoint.js';
import { parseParts, type RequestParts } from './parse-parts.js';

const endpoint = defineEndpoint({
  id: 'changeThing',
  method: 'POST',
  path: '/v1/things/{thing}',
  tag: 'Things',
  summary: 'Change a thing',
  access: 'any',
  params: z.object({ thing: z.uuid() }),
  query: z.strictObject({ limit: z.coerce.number().int().max(10).default(5) }),
  body: {
    kind: 'json',
    schema: z.strictObject({
      name: z.string().min(1),
      tags: z.array(z.string().max(3)).optional(),
      inner: z.strictObject({ deep: z.strictObject({ n: z.int() }) }).optional(),
    }),
  },
  success: { status: 200, description: 'Changed.' },
  problems: [],
});

const thing = '6f1d0c1e-4b7a-4d0e-9a51-c3f2d8e7b604';

function refusalOf(raw: RequestParts): ProblemError {
  try {
    parseParts(endpoint, raw);
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
  throw new Error('The request was taken.');
}

describe('parseParts', () => {
  it('gives the parts as their schemas make them', () => {
    expect(parseParts(endpoint, { params: { thing }, query: { limit: '7' }, body: { name: 'a' } })).toEqual({
      ...{ params: { thing }, query: { limit: 7 }, body: { name: 'a' } },
    });
    expect(parseParts(endpoint, { params: { thing }, query: undefined, body: { name: 'a' } })).toMatchObject({
      query: { limit: 5 },
    });
  });

  it('hands on nothing that is not declared', () => {
    const { id, method, path, tag, summary, access, success, problems } = endpoint;
    const bare = { id, method, path, tag, summary, access, success, problems };
    const raw = { params: { thing }, query: { admin: 'true' }, body: { admin: true } };
    expect(parseParts(bare, raw)).toEqual({ params: {}, query: {}, body: undefined });
  });

  it('tells every fault of every part at once, and where it is', () => {
    const body = { name: '', nme: 'x', tags: ['ok', 'long'], inner: { deep: { n: 1.5, m: 1 } } };
    const refusal = refusalOf({ params: { thing: '7' }, query: { limit: '11', page: '2' }, body });
    expect(refusal).toMatchObject({ code: 'API.REQUEST_INVALID', status: 400 });
    expect(refusal.message).toBe('The request does not fit POST /v1/things/{thing}.');
    expect(refusal.errors.map(({ path }) => path).sort()).toEqual([
      'body.inner.deep.m',
      'body.inner.deep.n',
      'body.name',
      'body.nme',
      'body.tags.1',
      'params.thing',
      'query.limit',
      'query.page',
    ]);
    expect(refusal.errors.find(({ path }) => path === 'body.nme')?.message).toBe('is not a field of this request');
  });

  it.each([undefined, null, 'text', 7, []])('names the body itself when it is %j', (body) => {
    const { errors } = refusalOf({ params: { thing }, query: {}, body });
    expect(errors.map(({ path }) => path)).toEqual(['body']);
  });

  it('looks at no other part than it is asked to', () => {
    const raw = { params: { thing: thing.toUpperCase() }, query: { limit: 'x' }, body: 7 };
    expect(parseParts(endpoint, raw, ['params'])).toMatchObject({ query: {}, body: undefined });
    expect(() => parseParts(endpoint, raw, ['query'])).toThrow(ProblemError);
  });

  it('is short about a request that is wrong all over', () => {
    const name = 'x'.repeat(5_000);
    const tags = Array.from({ length: 10_000 }, () => 'long');
    const { errors } = refusalOf({ params: { thing }, query: {}, body: { name: 'a', tags, [name]: 1 } });
    expect(errors).toHaveLength(50);
    const fields = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`${name}${i}`, 1]));
    const unknown = refusalOf({ params: { thing }, query: {}, body: { name: 'a', ...fields } });
    expect(unknown.errors).toHaveLength(50);
    expect(JSON.stringify(unknown.errors).length).toBeLessThan(20_000);
    // More than a call takes arguments.
    const many = Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`k${i}`, 1]));
    expect(refusalOf({ params: { thing }, query: {}, body: { name: 'a', ...many } }).errors).toHaveLength(50);
  });
});
