import { countRequests } from '@facelane/object-store';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { readPage } from './document.page.js';
import { DocumentStore } from './document.store.js';
import { LocalExclusion, openDocuments, type TestDocuments } from './testing/document-stores.js';

const schema = z.strictObject({ n: z.int() });
let opened: TestDocuments;

beforeAll(async () => {
  opened = await openDocuments('fs');
  for (let n = 0; n < 40; n += 1) {
    await opened.documents.write(`numbers/${String(n).padStart(2, '0')}.json`, schema, { n });
  }
});
afterAll(() => opened.close());

it('ends a page where its work ends, full or not, and goes on from there', async () => {
  const options = { limit: 5, scan: 10, where: ({ n }: { n: number }) => n >= 35 };
  const first = await readPage(opened.documents, 'numbers/', schema, options);
  expect(first).toEqual({ items: [], next: '09' });
  const last = await readPage(opened.documents, 'numbers/', schema, { ...options, after: '29' });
  expect(last).toEqual({ items: [35, 36, 37, 38, 39].map((n) => ({ n })) });
});

it('reads no more documents than a page needs', async () => {
  const { store, counts } = countRequests(opened.store);
  const documents = new DocumentStore(store, new LocalExclusion());
  const page = await readPage(documents, 'numbers/', schema, { limit: 3 });
  expect(page).toEqual({ items: [0, 1, 2].map((n) => ({ n })), next: '02' });
  expect(counts()['get']).toBe(3);
});
