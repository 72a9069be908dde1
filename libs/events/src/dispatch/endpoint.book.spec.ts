import { expect, it } from 'vitest';
import { TENANT, usePlace } from '../testing/place.js';
import { EndpointBook } from './endpoint.book.js';

const place = usePlace();

it('a book has every endpoint that was made before it is asked, and asks the store once while none changes', async () => {
  let asked = 0;
  const { webhooks } = place;
  const store = {
    find: webhooks.find.bind(webhooks),
    all: (tenant: string) => {
      asked += 1;
      return webhooks.all(tenant);
    },
  };
  const book = new EndpointBook(store, place.belt.revisions);
  const idsNow = async (): Promise<string[]> => (await book.enabled(TENANT)).map(({ id }) => id).sort();
  expect(await idsNow()).toEqual([]);
  const one = await place.endpoint({ url: 'https://one.example/' });
  expect(await idsNow()).toEqual([one.id]);
  const two = await place.endpoint({ url: 'https://two.example/' });
  expect(await idsNow()).toEqual([one.id, two.id].sort());
  const before = asked;
  expect(await idsNow()).toHaveLength(2);
  expect(asked).toBe(before);
  await webhooks.disable(one, { reason: 'asked' });
  expect(await idsNow()).toEqual([two.id]);
});
