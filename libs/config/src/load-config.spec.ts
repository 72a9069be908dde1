import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PIPELINE, UsageError } from '@facelane/contracts';
import { CONFIG_TABLE, loadConfig } from './index.js';

const root = resolve(import.meta.dirname, '../../..');

function messageOf(env: Record<string, string>): string {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('loadConfig', () => {
  it('has a local default for everything', () => {
    const config = loadConfig({});
    expect(config.redis).toEqual({ prefix: 'facelane' });
    expect(config.objectStore).toEqual({
      driver: 'fs',
      root: join(root, 'data/objects'),
      bucket: 'facelane',
      fsync: false,
    });
    expect(config.faceIndex).toEqual({ driver: 'embedded', file: join(root, 'data/index.sqlite') });
    expect(config.models).toEqual({ cacheDir: join(root, 'models/.cache'), contract: 'default' });
    expect(config.queue.concurrency.detect).toBe(PIPELINE.stages.detect.concurrency);
    expect(config.inference).toEqual({ device: 'cpu' });
    expect(config.events).toEqual({ retentionMs: 7 * 24 * 3_600_000, maxPerTenant: 100_000 });
    expect(config.warnings).toEqual([]);
  });

  it('is frozen at every depth', () => {
    const config = loadConfig({});
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.queue.concurrency)).toBe(true);
  });

  it('chooses the drivers from the addresses that are given', () => {
    const config = loadConfig({ S3_BUCKET: 'photos', QDRANT_URL: 'http://localhost:6333', DATA_DIR: '/srv/x' });
    expect(config.objectStore).toEqual({ driver: 's3', bucket: 'photos' });
    expect(config.faceIndex).toEqual({ driver: 'qdrant', url: 'http://localhost:6333' });
    expect(config.data.dir).toBe('/srv/x');
  });

  it('lets the named driver win over the addresses', () => {
    expect(loadConfig({ OBJECT_STORE_DRIVER: 'fs', S3_BUCKET: 'photos' }).objectStore.driver).toBe('fs');
  });

  it('keeps photos by URL to https and the public internet unless told otherwise', () => {
    expect(loadConfig({}).source.url).toEqual({ allowHttp: false, allow: [], timeoutMs: 15_000 });
    const allow = 'photos.internal, 10.20.0.0/16,10.0.0.5,fd00::/8';
    expect(
      loadConfig({ SOURCE_URL_HTTP: 'true', SOURCE_URL_ALLOW: allow, SOURCE_URL_TIMEOUT_MS: '5000' }).source.url,
    ).toEqual({
      allowHttp: true,
      allow: ['photos.internal', '10.20.0.0/16', '10.0.0.5', 'fd00::/8'],
      timeoutMs: 5000,
    });
  });

  it('takes an empty variable as one that is not set', () => {
    expect(loadConfig({ API_PORT: '', QDRANT_URL: ' ' })).toMatchObject({
      api: { port: 8080 },
      faceIndex: { driver: 'embedded' },
    });
  });

  it('names every problem at once, with value, what is allowed and an example', () => {
    const message = messageOf({
      API_PORT: '80 80',
      LOG_LEVEL: 'loud',
      OBJECT_STORE_DRIVER: 's3',
      S3_ACCESS_KEY_ID: 'x',
    });
    expect(message).toContain('4 problems');
    expect(message).toContain(
      'API_PORT is "80 80"; allowed: a whole number from 0 to 65535, for example API_PORT=8080',
    );
    expect(message).toContain('LOG_LEVEL is "loud"; allowed: fatal, error, warn');
    expect(message).toContain('S3_BUCKET is missing: the s3 driver of the object store needs it');
    expect(message).toContain('S3_SECRET_ACCESS_KEY is missing: S3_ACCESS_KEY_ID is set');
  });

  it('says what is missing for qdrant', () => {
    expect(messageOf({ FACE_INDEX_DRIVER: 'qdrant' })).toContain('QDRANT_URL is missing');
  });

  it('lets a program choose other defaults, which the environment overrides', () => {
    expect(loadConfig({}, { LOG_LEVEL: 'warn' }).log.level).toBe('warn');
    expect(loadConfig({ LOG_LEVEL: '' }, { LOG_LEVEL: 'warn' }).log.level).toBe('warn');
    expect(loadConfig({ LOG_LEVEL: 'debug' }, { LOG_LEVEL: 'warn' }).log.level).toBe('debug');
  });

  it('never repeats a secret', () => {
    const message = messageOf({ REDIS_URL: 'localhost:hunter2' });
    expect(message).toContain('REDIS_URL is not valid');
    expect(message).not.toContain('hunter2');
  });

  it.each([
    ['API_PORT', '65536'],
    ['API_PORT', '-1'],
    ['IMAGING_MAX_BYTES', '1e6'],
    ['OBJECT_STORE_FSYNC', 'yes'],
    ['S3_ENDPOINT', 'localhost:9000'],
    ['S3_BUCKET', 'My_Bucket'],
    ['REDIS_PREFIX', 'a b'],
    ['INFERENCE_DEVICE', 'gpu'],
    ['QUEUE_CONCURRENCY_EMBED', '0'],
    ['EVENTS_RETENTION_HOURS', '0'],
    ['EVENTS_MAX_PER_TENANT', '999'],
    ['SOURCE_URL_TIMEOUT_MS', '0'],
    ['SOURCE_URL_ALLOW', 'a,,b'],
    ['SOURCE_URL_ALLOW', '10/8'],
    ['SOURCE_URL_ALLOW', '10.0.0.0/33'],
    ['SOURCE_URL_ALLOW', 'fd00::/129'],
    ['SOURCE_URL_ALLOW', '10.0.0'],
    ['SOURCE_URL_ALLOW', 'https://photos.internal'],
  ])('refuses %s=%s', (name, value) => {
    expect(messageOf({ [name]: value })).toContain(`${name} is "${value}"`);
  });

  it('warns of typing errors and of unknown variables with our prefixes, and of nothing else', () => {
    const { warnings } = loadConfig({
      LOG_LEVL: 'debug',
      QUEUE_SPEED: '3',
      API_KEY: 'x',
      REDIS_SERVICE_HOST: 'y',
      HOME: '/',
    });
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toContain('LOG_LEVEL is');
    expect(warnings[1]).toContain('QUEUE_SPEED');
  });
});

describe('CONFIG_TABLE', () => {
  it('has each variable once, with a meaning', () => {
    expect(new Set(CONFIG_TABLE.map((row) => row.name)).size).toBe(CONFIG_TABLE.length);
    for (const row of CONFIG_TABLE) expect(row.meaning).toMatch(/\.$/);
  });

  it('derives the variables of the stages from the pipeline', () => {
    const row = CONFIG_TABLE.find(({ name }) => name === 'QUEUE_CONCURRENCY_MATCH');
    expect(row?.default).toBe(String(PIPELINE.stages.match.concurrency));
  });
});
