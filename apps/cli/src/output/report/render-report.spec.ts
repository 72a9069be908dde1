import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ResultRow } from '../summary.js';
import { doneResult, resultRows } from '../results.fixture.js';
import { renderReport } from './render-report.js';
import type { ReportHead, ReportPictures } from './report.types.js';

const head: ReportHead = {
  title: 'photos & "friends"',
  createdAt: '2026-01-02T03:04:05.000Z',
  collection: 'main',
  contract: 'test-512-1',
  thresholds: { match: { cosine: 0.42, fmr: 0.0001 }, review: { cosine: 0.33, fmr: 0.001 } },
};
const jpeg = Uint8Array.of(0xff, 0xd8, 0xff);
const pictures: ReportPictures = { photo: () => Promise.resolve(jpeg), face: () => Promise.resolve(jpeg) };

async function render(rows: readonly ResultRow[], made: ReportPictures = pictures): Promise<string> {
  let page = '';
  for await (const piece of renderReport({ head, rows, pictures: made })) page += piece;
  return page;
}

describe('renderReport', () => {
  it('names every photo, every person and every failure with its remedy', async () => {
    const page = await render(resultRows());
    for (const { file } of resultRows()) expect(page).toContain(file);
    for (const name of ['Anna Müller', 'Ben', '王芳']) expect(page).toContain(`<h3>${name}</h3>`);
    expect(page).toContain('INGEST.EMPTY');
    expect(page).toContain('replace it with the original photo.');
    expect(page).toContain('1 in 10\u202f000');
    expect(page).toContain('score 0.82 · ahead by 0.71');
    expect(page).toContain('alt="tree.jpg: no face found"');
    expect(page.match(/<li class="photo"/g)).toHaveLength(4);
  });

  it('balances its tags, fragment by fragment as it is written', async () => {
    const page = (await render(resultRows())).replace(/<(style|script)>.*?<\/\1>/gs, '');
    for (const tag of ['html', 'body', 'main', 'header', 'ul', 'ol', 'li', 'dl', 'table', 'details', 'label', 'div']) {
      const opened = page.match(new RegExp(`<${tag}[\\s>]`, 'g'))?.length;
      expect([tag, page.match(new RegExp(`</${tag}>`, 'g'))?.length]).toEqual([tag, opened]);
    }
    expect(page.indexOf('</main>')).toBeGreaterThan(page.lastIndexOf('<li class="photo"'));
  });

  it('shows a hostile name as text and allows no script but its own', async () => {
    const rows = [...resultRows(), { file: '"><img src=x onerror=alert(1)>.jpg', result: doneResult(9, []) }];
    const page = await render(rows);
    expect(page).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;');
    expect(page).not.toContain('<script>alert');
    expect(page).not.toContain('<img src=x');
    const scripts = [...page.matchAll(/<script>(.*?)<\/script>/gs)].map(([, text = '']) => text);
    const styles = [...page.matchAll(/<style>(.*?)<\/style>/gs)].map(([, text = '']) => text);
    expect([scripts.length, styles.length]).toEqual([1, 1]);
    for (const own of [...scripts, ...styles]) {
      expect(page).toContain(createHash('sha256').update(own).digest('base64').replaceAll("'", '&#39;'));
    }
  });

  it('asks the network for nothing', async () => {
    const page = await render(resultRows());
    expect([...page.matchAll(/(?:src|href)="(?!data:image\/jpeg;base64,|#photo-)/g)]).toEqual([]);
    expect(page).not.toMatch(/url\(|@import|https?:/);
  });

  it('goes without pictures that cannot be had', async () => {
    const none = (): Promise<undefined> => Promise.resolve(undefined);
    const page = await render(resultRows(), { photo: none, face: none });
    expect(page).not.toContain('<img');
    expect(page).toContain('Anna Müller');
  });

  it('makes a picture only when its piece is asked for', async () => {
    let made = 0;
    const rows = Array.from({ length: 50 }, (_, i) => ({ file: `${i}.jpg`, result: doneResult(i, []) }));
    const counted = { ...pictures, photo: () => Promise.resolve(((made += 1), jpeg)) };
    let shown = 0;
    for await (const piece of renderReport({ head, rows, pictures: counted })) {
      shown += piece.match(/<li class="photo"/g)?.length ?? 0;
      expect(made).toBe(shown);
    }
    expect(made).toBe(50);
  });

  it('stops when told to', async () => {
    const report = { head, rows: resultRows(), pictures, signal: AbortSignal.abort() };
    await expect(renderReport(report).next()).rejects.toThrow('aborted');
  });
});
