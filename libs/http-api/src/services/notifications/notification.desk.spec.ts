import type { CollectionDocument } from '@facelane/contracts';
import { describe, expect, it } from 'vitest';
import type { Caller } from '../../access/caller.js';
import { ProblemError } from '../../problem/problem.error.js';
import { jobOf } from '../../testing/asset.shelf.js';
import { idOf } from '../../testing/documents.js';
import { SnsSender, SUBSCRIBE_URL, TOPIC } from '../../testing/sns.sender.js';
import type { NewAsset } from '../asset.intake.js';
import { NotificationDesk } from './notification.desk.js';
import { SnsGate } from './sns.gate.js';

const NOBODY: Caller = { tenant: '', keyId: '', scopes: [], isOperator: false };
const ACME: Caller = { tenant: 'acme', keyId: 'k', scopes: ['assets:write'], isOperator: false };
const { signal } = new AbortController();

/** A desk with what it has submitted; objects of the bucket `private` may not be used. */
function openDesk() {
  const sns = new SnsSender();
  const accepted: NewAsset[] = [];
  const intake = {
    accept: (asset: NewAsset) => {
      const { photo } = asset;
      if (photo.kind !== 'object') throw new TypeError('A notification names objects.');
      if (photo.bucket === 'private') throw new ProblemError('API.SOURCE_NOT_ALLOWED', 'No.');
      accepted.push(asset);
      return Promise.resolve(jobOf(idOf(photo.key)));
    },
  };
  const lookup = {
    requireUsable: (tenant: string, id: string) => {
      if (id !== 'friends') throw new ProblemError('API.COLLECTION_MISSING', 'None.');
      return Promise.resolve({ tenant, id } as CollectionDocument);
    },
  };
  const desk = new NotificationDesk([{ tenant: 'globex', arn: TOPIC }], new SnsGate(sns), lookup, intake);
  return { desk, sns, accepted };
}

const event = (...objects: readonly (readonly [bucket: string, key: string])[]): { Records: unknown[] } => ({
  Records: objects.map(([bucket, key]) => ({
    ...{ eventName: 'ObjectCreated:Put', s3: { bucket: { name: bucket }, object: { key } } },
  })),
});

describe('an event with a key', () => {
  it('submits what is new and may be used, behind what somebody waits for', async () => {
    const { desk, accepted } = openDesk();
    const news = event(['media', 'a.jpg'], ['private', 'b.jpg'], ['media', 'c.txt']);
    expect(await desk.take(ACME, 'friends', news, signal)).toEqual({
      ...{ assets: [idOf('a.jpg')], passedOver: 2, confirmed: false },
    });
    expect(accepted).toMatchObject([
      { tenant: 'acme', lane: 'bulk', photo: { kind: 'object', bucket: 'media', key: 'a.jpg' } },
    ]);
  });

  it('is for a collection that there is', async () => {
    const { desk } = openDesk();
    await expect(desk.take(ACME, 'none', event(), signal)).rejects.toMatchObject({ code: 'API.COLLECTION_MISSING' });
  });

  it('submits nothing when it came by SNS and is not signed', async () => {
    const { desk, sns, accepted } = openDesk();
    const forged = { ...sns.message(), Message: JSON.stringify(event(['media', 'a.jpg'])) };
    await expect(desk.take(ACME, 'friends', forged, signal)).rejects.toMatchObject({
      code: 'API.NOTIFICATION_REFUSED',
    });
    expect(accepted).toEqual([]);
  });
});

describe('a message of SNS without a key', () => {
  it('submits for the tenant of its topic', async () => {
    const { desk, sns, accepted } = openDesk();
    const message = sns.message({ Message: JSON.stringify(event(['media', 'a+b.jpg'])) });
    expect(await desk.take(NOBODY, 'friends', message, signal)).toMatchObject({ assets: [idOf('a b.jpg')] });
    expect(accepted).toMatchObject([{ tenant: 'globex' }]);
  });

  it('that asks whether it may come is told yes', async () => {
    const { desk, sns } = openDesk();
    expect(await desk.take(NOBODY, 'friends', sns.question(), signal)).toEqual({
      ...{ assets: [], passedOver: 0, confirmed: true },
    });
    expect(sns.asked.at(-1)).toBe(SUBSCRIBE_URL);
  });

  it('that asks it for a collection that is missing is not', async () => {
    const { desk, sns } = openDesk();
    await expect(desk.take(NOBODY, 'none', sns.question(), signal)).rejects.toMatchObject({ status: 404 });
    expect(sns.asked).not.toContain(SUBSCRIBE_URL);
  });

  it('of another topic is refused before anybody is asked', async () => {
    const { desk, sns } = openDesk();
    const foreign = sns.message({ TopicArn: 'arn:aws:sns:eu-central-1:999999999999:new-photos' });
    await expect(desk.take(NOBODY, 'friends', foreign, signal)).rejects.toMatchObject({ status: 403 });
    expect(sns.asked).toEqual([]);
  });

  it('that says what is no event has nothing new in it', async () => {
    const { desk, sns } = openDesk();
    for (const Message of ['hello', '[1]', '{"Event":"s3:TestEvent"}']) {
      expect(await desk.take(NOBODY, 'friends', sns.message({ Message }), signal)).toMatchObject({ assets: [] });
    }
  });

  it('that is none needs a key', async () => {
    const { desk } = openDesk();
    await expect(desk.take(NOBODY, 'friends', event(['media', 'a.jpg']), signal)).rejects.toMatchObject({
      status: 401,
    });
  });
});
