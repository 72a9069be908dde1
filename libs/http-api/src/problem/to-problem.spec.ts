import { ERROR_CODES, type ErrorCode, StageError } from '@facelane/contracts';
import { HttpException, NotFoundException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { ProblemError } from './problem.error.js';
import { type ProblemCode, PROBLEMS } from './problem.table.js';
import { toProblem } from './to-problem.js';

const SECRET = '/srv/facelane/secret and redis://:password@10.0.0.1';
const problemCodes = Object.keys(PROBLEMS) as ProblemCode[];
const stageCodes = Object.keys(ERROR_CODES) as ErrorCode[];

describe('a refusal of the API', () => {
  it.each(problemCodes)('%s tells what the table says of it', (code) => {
    const { document, headers, isOurs } = toProblem(new ProblemError(code, 'It was thing 7.'), 'r-1');
    const { status, title, remedy } = PROBLEMS[code];
    expect(document).toEqual({
      type: `urn:facelane:problem:${code.toLowerCase().replace('.', '-').replaceAll('_', '-')}`,
      ...{ title, status, detail: 'It was thing 7.', code, remedy, requestId: 'r-1' },
    });
    expect(headers).toEqual(status === 503 ? { 'retry-after': '5' } : {});
    expect(isOurs).toBe(status >= 500);
  });

  it.each(problemCodes)('%s has a title and a remedy that a reader can follow', (code) => {
    const { status, title, remedy } = PROBLEMS[code];
    expect(status).toBeGreaterThanOrEqual(400);
    expect(title).toMatch(/^[A-Z][^.]+$/);
    expect(remedy).toMatch(/^[A-Z].+\.$/);
  });

  it('carries faults of fields, more members and headers of its own', () => {
    const errors = [{ path: 'body.name', message: 'too long' }];
    const error = new ProblemError('API.UNAVAILABLE', 'Not now.', {
      ...{ errors, extensions: { checks: { redis: 'failed' } }, headers: { 'retry-after': '60' } },
    });
    expect(toProblem(error, 'r-1')).toMatchObject({
      document: { errors, checks: { redis: 'failed' } },
      headers: { 'retry-after': '60' },
    });
  });
});

describe('a failure of a stage', () => {
  it.each(stageCodes)('%s keeps its code, and is the photo or our own trouble', (code) => {
    const { document, headers, isOurs } = toProblem(new StageError(code, SECRET), 'r-1');
    expect(document).toMatchObject({ code, requestId: 'r-1' });
    expect(Object.keys(document).sort()).toEqual(
      ['code', 'detail', 'remedy', 'requestId', 'status', 'title', 'type'].sort(),
    );
    expect(document.type).toMatch(/^urn:facelane:problem:[a-z-]+$/);
    expect(isOurs).toBe(document.status >= 500);
    expect(headers).toEqual(document.status === 503 ? { 'retry-after': '5' } : {});
    // What is wrong with a photo is told; what is wrong with our servers is logged.
    expect(document.detail === SECRET).toBe(!isOurs);
    if (document.status === 500) expect(document.title).toBe(PROBLEMS['API.DEFECT'].title);
    if (!isOurs) expect(document.remedy).toBe(ERROR_CODES[code].remedy);
    else expect(JSON.stringify(document)).not.toContain('redis:');
  });

  it.each([
    ['INGEST.NOT_AN_IMAGE', 422],
    ['DETECT.IMAGE_UNREADABLE', 422],
    ['INGEST.TOO_LARGE', 413],
    ['INGEST.SOURCE_NOT_ALLOWED', 403],
    ['MATCH.COLLECTION_MISSING', 404],
    ['MATCH.CONTRACT_MISMATCH', 409],
    ['STORE.UNAVAILABLE', 503],
    ['STORE.BUCKET_MISSING', 503],
    ['INDEX.UNAVAILABLE', 503],
    ['QUEUE.UNAVAILABLE', 503],
    ['QUEUE.TIMEOUT', 503],
    ['INFERENCE.OVERLOADED', 503],
    ['STORE.CORRUPT', 500],
    ['STORE.DENIED', 500],
    ['INDEX.INPUT_INVALID', 500],
  ] as const)('%s is answered %d', (code, status) => {
    expect(toProblem(new StageError(code, 'x'), 'r-1').document.status).toBe(status);
  });

  it('goes by what is known of it: a failure that will not mend itself is no reason to try again', () => {
    const error = new StageError('STORE.UNAVAILABLE', 'x', { retry: 'never' });
    expect(toProblem(error, 'r-1')).toMatchObject({ document: { status: 500 }, headers: {} });
  });
});

describe('what Fastify and Nest refuse', () => {
  const fastify = (statusCode: number): Error => Object.assign(new Error(SECRET), { statusCode, code: 'FST_ERR_X' });

  it.each([
    [400, 'API.REQUEST_UNPARSABLE', 400],
    [404, 'API.ROUTE_MISSING', 404],
    [405, 'API.REQUEST_UNPARSABLE', 400],
    [406, 'API.TYPE_UNSUPPORTED', 415],
    [408, 'API.REQUEST_TIMEOUT', 408],
    [413, 'API.TOO_LARGE', 413],
    [414, 'API.REQUEST_UNPARSABLE', 400],
    [415, 'API.TYPE_UNSUPPORTED', 415],
    [431, 'API.REQUEST_UNPARSABLE', 400],
    [499, 'API.REQUEST_UNPARSABLE', 400],
    [500, 'API.DEFECT', 500],
    [503, 'API.DEFECT', 500],
    [200, 'API.DEFECT', 500],
  ] as const)('with %d is %s', (given, code, status) => {
    for (const error of [fastify(given), new HttpException(SECRET, given)]) {
      const { document, isOurs } = toProblem(error, 'r-1');
      expect([document.code, document.status, isOurs]).toEqual([code, status, status >= 500]);
      expect(JSON.stringify(document)).not.toContain('secret');
    }
  });

  it('as missing is no endpoint, whatever it calls the address', () => {
    const { document } = toProblem(new NotFoundException(`Cannot GET ${SECRET}`), 'r-1');
    expect(document).toMatchObject({ code: 'API.ROUTE_MISSING', status: 404 });
    expect(JSON.stringify(document)).not.toContain('secret');
  });
});

describe('an error that nobody expected', () => {
  it.each([
    ['an error', new Error(SECRET)],
    ['an error with a path', Object.assign(new Error(SECRET), { code: 'ENOENT', path: SECRET, errno: -2 })],
    ['an error with a cause', new TypeError('x', { cause: new Error(SECRET) })],
    ['an error with an odd status', Object.assign(new Error(SECRET), { statusCode: 'teapot' })],
    ['an error with a status that is none', Object.assign(new Error(SECRET), { status: 42 })],
    ['an error with an odd getStatus', Object.assign(new Error(SECRET), { getStatus: () => 'x' })],
    ['a text', SECRET],
    ['nothing', undefined],
    ['null', null],
    ['an object', { message: SECRET }],
  ])('that is %s is a defect, and says nothing', (_what, error) => {
    const { document, isOurs } = toProblem(error, 'r-1');
    expect(document).toEqual({
      type: 'urn:facelane:problem:api-defect',
      title: PROBLEMS['API.DEFECT'].title,
      status: 500,
      detail: 'The request was not completed.',
      code: 'API.DEFECT',
      remedy: PROBLEMS['API.DEFECT'].remedy,
      requestId: 'r-1',
    });
    expect(isOurs).toBe(true);
  });
});
