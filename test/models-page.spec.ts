import { readFile } from 'node:fs/promises';
import { loadManifest } from '@facelane/models';
import { expect, it } from 'vitest';

it('docs/models.md has a row for every contract, and names every network', async () => {
  const page = await readFile(new URL('../docs/models.md', import.meta.url), 'utf8');
  const { contracts, files } = await loadManifest();
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  for (const name of Object.keys(contracts)) {
    expect(rows.filter((row) => row.startsWith(`| \`${name}\` |`))).toHaveLength(2);
  }
  const used = new Set(Object.values(contracts).flatMap(({ detector, embedder }) => [detector, embedder]));
  for (const id of used) expect(page, id).toContain(`\`${id}\``);
  expect(files.filter(({ kind, id }) => kind === 'embedder' && !used.has(id))).toEqual([]);
});
