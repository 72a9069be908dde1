import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFacelane, type Facelane } from './index.js';
import { DescribedServer, KEY } from './testing/described.server.js';

let server: DescribedServer;
let facelane: Facelane;

beforeAll(async () => {
  server = await DescribedServer.start();
  facelane = createFacelane({ url: server.url, key: KEY });
});
beforeEach(() => {
  server.reset();
  // A page may be empty and not be the last one.
  server.answer(
    'listPeople',
    { body: { items: [{ id: '1' }, { id: '2' }], next: 'a' } },
    { body: { items: [], next: 'b' } },
    { body: { items: [{ id: '3' }] } },
  );
});
afterAll(() => server.stop());

const cursors = (): unknown[] => server.seen.map(({ query }) => query);

describe('a listing', () => {
  it('goes through every page', async () => {
    const ids: string[] = [];
    for await (const { id } of facelane.people.list('friends', { name: 'a', limit: 2 })) ids.push(id);
    expect(ids).toEqual(['1', '2', '3']);
    const asked = { name: 'a', limit: '2' };
    expect(cursors()).toEqual([asked, { ...asked, cursor: 'a' }, { ...asked, cursor: 'b' }]);
  });

  it('asks for no page that nobody looks at', async () => {
    for await (const { id } of facelane.people.list('friends')) if (id === '1') break;
    expect(cursors()).toHaveLength(1);
  });

  it('gives pages with their cursors, one or all', async () => {
    const listing = facelane.people.list('friends', { cursor: 'z' });
    expect(await listing.page()).toEqual({ items: [{ id: '1' }, { id: '2' }], next: 'a' });
    expect(cursors()).toEqual([{ cursor: 'z' }]);
    const sizes: number[] = [];
    for await (const { items } of listing.pages()) sizes.push(items.length);
    expect(sizes).toEqual([0, 1]);
  });
});
