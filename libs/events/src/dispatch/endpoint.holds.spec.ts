import { DELIVERIES } from '@facelane/contracts';
import { PipelineBelt } from '@facelane/queue';
import { describe, expect, it, vi } from 'vitest';
import { TENANT, usePlace } from '../testing/place.js';
import { status } from '../testing/receiver.js';

const place = usePlace();

const until = (check: () => unknown): Promise<unknown> => vi.waitFor(check, { timeout: 40_000, interval: 20 });
/** An endpoint that fails is tried again in a while. */
const LATER = { maxWaiting: 20, delaysMs: [1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000] };

describe('an endpoint for which too much waits', () => {
  it('is passed over, the others are not, and gets everything once it works again', async () => {
    const [failing, well] = [await place.receiver(status(500)), await place.receiver()];
    const endpoint = await place.endpoint({ url: failing.url });
    await place.endpoint({ url: well.url });
    await place.notify(LATER);
    const events = [];
    for (let batch = 0; batch < 12; batch += 1) {
      events.push(...(await place.happen(10)));
      await until(() => expect(new Set(well.ids).size).toBe(events.length));
    }
    const heldSince = expect.any(String) as string;
    await until(async () => expect(await place.webhooks.find(endpoint)).toMatchObject({ heldSince }));
    expect((await place.counts()).waiting).toBeLessThan(60);
    failing.answer = status(204);
    const ids = events.map(({ id }) => id).sort();
    await until(() => expect([...new Set(failing.ids)].sort()).toEqual(ids));
    await until(async () => expect(await place.webhooks.find(endpoint)).not.toHaveProperty('heldSince'));
    expect(await place.webhooks.find(endpoint)).not.toHaveProperty('missed');
    const [later] = await place.happen();
    await until(() => expect(failing.ids).toContain(later!.id));
    expect(well.ids).toHaveLength(events.length + 1);
    expect((await place.belt.eventLog.consumers.list(TENANT)).map(({ name }) => name)).toEqual(['_deliveries']);
  });

  it('says of what time it was not sent anything when the log has dropped it', async () => {
    const failing = await place.receiver(status(500));
    const endpoint = await place.endpoint({ url: failing.url });
    await place.notify(LATER);
    for (let batch = 0; batch < 6; batch += 1) await place.happen(10);
    await until(async () => expect(await place.webhooks.find(endpoint)).toHaveProperty('heldSince'));
    await place.happen(20);
    const last = await place.happen(5);
    const small = await PipelineBelt.open(DELIVERIES, 'producer', { ...place.connection, events: { maxPerTenant: 5 } });
    await small.eventLog.trim();
    await small.close();
    failing.answer = status(204);
    await until(async () => expect(await place.webhooks.find(endpoint)).toHaveProperty('missed'));
    await until(() => expect(failing.ids).toEqual(expect.arrayContaining(last.map(({ id }) => id))));
    const { missed } = (await place.webhooks.find(endpoint))!;
    expect(Date.parse(missed!.from)).toBeLessThanOrEqual(Date.parse(missed!.until));
  });

  it('is held no longer when it is sent nothing any more', async () => {
    const failing = await place.receiver(status(500));
    const endpoint = await place.endpoint({ url: failing.url });
    await place.notify(LATER);
    await place.happen(100);
    await until(async () => expect(await place.webhooks.find(endpoint)).toHaveProperty('heldSince'));
    await place.webhooks.remove(endpoint);
    await until(async () =>
      expect((await place.belt.eventLog.consumers.list(TENANT)).map(({ name }) => name)).toEqual(['_deliveries']),
    );
  });
});
