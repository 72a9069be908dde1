import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { definePipeline } from './define-pipeline.js';
import { defineStage, jobIdOf, queueNameOf } from './define-stage.js';
import { retryDelayMs } from './retry-policy.js';

const stage = <const Name extends string, const Next extends string | null>(name: Name, next: Next) =>
  defineStage({
    name,
    version: 1,
    summary: 'A stage of a test.',
    input: z.strictObject({}),
    output: z.strictObject({}),
    retry: { attempts: 3, baseDelayMs: 100, maxDelayMs: 1000 },
    timeoutMs: 1,
    lockMs: 1,
    concurrency: 1,
    next,
  });

describe('definePipeline', () => {
  it('orders the stages as an asset meets them', () => {
    expect(definePipeline({ last: stage('last', null), first: stage('first', 'last') }).order).toEqual([
      'first',
      'last',
    ]);
  });

  it('refuses a ring, naming what it found', () => {
    expect(() => definePipeline({ a: stage('a', 'b'), b: stage('b', 'a') })).toThrow(
      /one chain; first stages found: none/,
    );
  });

  it('refuses two chains', () => {
    expect(() => definePipeline({ a: stage('a', null), b: stage('b', null) })).toThrow(/first stages found: a, b/);
  });
});

describe('defineStage', () => {
  it('refuses numbers that cannot work, naming stage and field', () => {
    expect(() => defineStage({ ...stage('a', null), concurrency: 0 })).toThrow('Stage a: concurrency must be');
    expect(() => defineStage({ ...stage('a', null), retry: { attempts: 1, baseDelayMs: 9, maxDelayMs: 1 } })).toThrow(
      'Stage a: maxDelayMs is below baseDelayMs',
    );
  });

  it('derives queue and job names', () => {
    expect(queueNameOf(stage('detect', null))).toBe('detect.v1');
    expect(jobIdOf(stage('detect', null), 'x')).toBe('detect_x');
  });
});

describe('retryDelayMs', () => {
  const policy = { attempts: 9, baseDelayMs: 100, maxDelayMs: 1000 };

  it.each([
    [1, 0, 50],
    [1, 1, 100],
    [2, 1, 200],
    [4, 1, 800],
    [9, 1, 1000],
    [9, 0, 500],
  ])('after run %i with jitter %f waits %i ms', (attemptsMade, random, expected) => {
    expect(retryDelayMs(policy, attemptsMade, random)).toBe(expected);
  });

  it.each([
    [1, 1, 10],
    [2, 1, 500],
    [2, 0, 250],
    [3, 1, 500],
  ])('of a list, after run %i with jitter %f, is %i ms', (attemptsMade, random, expected) => {
    expect(retryDelayMs({ attempts: 3, delaysMs: [10, 500] }, attemptsMade, random)).toBe(expected);
  });

  it('has a wait for each further run', () => {
    expect(() => defineStage({ ...stage('a', null), retry: { attempts: 2, delaysMs: [] } })).toThrow('Stage a:');
  });
});
