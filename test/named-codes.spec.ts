import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ERROR_CODES } from '@facelane/contracts';
import { expect, it } from 'vitest';
import { PROBLEMS } from '../libs/http-api/src/problem/problem.table.js';
import { sourceText } from './support/packed.client.js';

const ROOT = resolve(import.meta.dirname, '..');

it('every code that the documentation names is one', async () => {
  const pages = (await readdir(`${ROOT}/docs`, { recursive: true })).filter((name) => name.endsWith('.md'));
  const named = new Map<string, string>();
  for (const page of ['README.md', 'libs/client/README.md', ...pages.map((name) => `docs/${name}`)]) {
    for (const [, code = ''] of (await sourceText(page)).matchAll(/`([A-Z]+\.[A-Z_]+)`/g)) named.set(code, page);
  }
  expect(named.size).toBeGreaterThan(20);
  expect([...named].filter(([code]) => !(code in ERROR_CODES) && !(code in PROBLEMS))).toEqual([]);
});
