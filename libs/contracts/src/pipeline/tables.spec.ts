import { expect, it } from 'vitest';
import { EVERY_STAGE, STAGES, TABLES } from './tables.js';

it('the tables have every stage once, each under its own name', () => {
  expect(EVERY_STAGE).toEqual(['ingest', 'detect', 'embed', 'match', 'probe', 'rebind', 'delivery']);
  expect(new Set(EVERY_STAGE)).toEqual(new Set(Object.keys(STAGES)));
  for (const table of TABLES)
    expect(Object.entries(STAGES)).toEqual(expect.arrayContaining(Object.entries(table.stages)));
});
