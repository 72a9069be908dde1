import { type AssetDocument, assetDocumentSchema, type IngestJob, type ResultDocument } from '@facelane/contracts';
import { describe, expect, it } from 'vitest';
import { assetSchema, assetSummarySchema } from '../schemas/asset.schema.js';
import type { FoundAsset } from '../services/asset.finder.js';
import { ASSET, COLLECTION, doneResult, failedResult, photoFacts, TENANT } from '../testing/documents.js';
import { assetState, assetSummary, assetView } from './asset.view.js';

const key = { tenant: TENANT, collection: COLLECTION, assetId: ASSET };
const url = 'https://user:secret@example.com/a.jpg?token=secret';

const job: IngestJob = {
  ...key,
  ...{ contract: 'test-1', lane: 'interactive', intent: { kind: 'identify' }, submittedAt: '2026-06-01T00:00:00.000Z' },
  ...{ source: { kind: 'url', url }, externalId: 'mine', tags: ['a'] },
};
const document: AssetDocument = assetDocumentSchema.parse({
  ...{ version: 1, tenant: TENANT, collection: COLLECTION, id: ASSET, contract: 'test-1', photo: photoFacts },
  ...{ source: { kind: 'object', bucket: 'media', key: 'a.jpg' }, intent: { kind: 'identify' } },
  ...{ submittedAt: '2026-06-02T00:00:00.000Z', tags: ['b'] },
});

type PlaceState = NonNullable<FoundAsset['place']>['state'];
const at = (stage: string, state: PlaceState): Pick<FoundAsset, 'place'> => ({ place: { stage, state, data: job } });
const result = (of: ResultDocument): Pick<FoundAsset, 'result'> => ({ result: of });
const done = doneResult();
const failed = failedResult('detect');

const stages = (found: Partial<FoundAsset>): string =>
  assetView({ ...key, ...found }, {})
    .stages.map(({ state }) => state)
    .join(' ');

describe('the state of an asset', () => {
  it.each([
    ['accepted, and on no belt', {}, 'pending'],
    ['waiting', at('ingest', 'waiting'), 'pending'],
    ['running', at('match', 'active'), 'pending'],
    ['between two attempts', at('embed', 'delayed'), 'pending'],
    ['a dead letter without a result yet', at('detect', 'failed'), 'failed'],
    ['a dead letter with its result', { ...at('detect', 'failed'), ...result(failed) }, 'failed'],
    ['done', result(done), 'done'],
    ['failed, its dead letter gone', result(failed), 'failed'],
    ['done, and on the belt again', { ...at('ingest', 'waiting'), ...result(done) }, 'pending'],
    ['failed, and on the belt again', { ...at('ingest', 'active'), ...result(failed) }, 'pending'],
    ['done, with a dead letter of an earlier run', { ...at('detect', 'failed'), ...result(done) }, 'done'],
  ] as const)('that is %s', (_what, found, state) => {
    expect(assetState(found)).toBe(state);
    const view = assetView({ ...key, ...found }, {});
    expect(view.state).toBe(state);
    expect(assetSchema.safeParse({ ...view, submittedAt: job.submittedAt }).error).toBeUndefined();
  });
});

describe('the stages of an asset', () => {
  it.each([
    ['accepted', {}, 'pending pending pending pending'],
    ['at the first', at('ingest', 'waiting'), 'waiting pending pending pending'],
    ['at the third', at('embed', 'active'), 'done done active pending'],
    ['between two attempts', at('match', 'delayed'), 'done done done delayed'],
    ['a dead letter', at('detect', 'failed'), 'done failed pending pending'],
    ['failed', result(failed), 'done failed pending pending'],
    ['failed at the first', result(failedResult('ingest')), 'failed pending pending pending'],
    ['done', result(done), 'done done done done'],
    ['done, and on the belt again', { ...at('detect', 'active'), ...result(done) }, 'done active pending pending'],
  ] as const)('that is %s', (_what, found, expected) => {
    expect(stages(found)).toBe(expected);
  });
});

describe('an asset', () => {
  it('is described by whatever record there is, the document first', () => {
    const view = (found: Partial<FoundAsset>): object => assetView({ ...key, ...found }, {});
    const fromJob = {
      submittedAt: job.submittedAt,
      externalId: 'mine',
      tags: ['a'],
      source: 'https://example.com/a.jpg',
    };
    expect(view(at('ingest', 'waiting'))).toMatchObject(fromJob);
    expect(view({ intake: job })).toMatchObject(fromJob);
    expect(view({ intake: job, document })).toMatchObject({
      ...{ submittedAt: document.submittedAt, tags: ['b'], source: 's3://media/a.jpg' },
    });
    expect(view(result(failed))).toMatchObject({ submittedAt: failed.submittedAt, tags: [], source: '' });
  });

  it('shows no password of a URL', () => {
    expect(JSON.stringify(assetView({ ...key, intake: job, ...at('ingest', 'active') }, {}))).not.toContain('secret');
  });

  it('says why it failed, without what only we can use', () => {
    const { failure, result: none } = assetView({ ...key, ...result(failed) }, {});
    expect(none).toBeUndefined();
    expect(failure).toEqual({
      ...{ stage: 'detect', code: 'DETECT.IMAGE_UNREADABLE', message: 'a.jpg is damaged.', remedy: 'Replace it.' },
      attempts: 1,
    });
  });

  it('has its faces with findings at the bars of the collection', () => {
    const faces = (quality: 'off' | 'standard' | 'strict'): readonly string[] | undefined =>
      assetView({ ...key, ...result(done) }, { quality }).result?.faces[0]?.qualityReasons.map(({ reason }) => reason);
    expect(faces('off')).toEqual([]);
    expect(faces('standard')).toContain('too_small');
  });

  it('is listed with its people, each once', () => {
    const summary = assetSummary({ ...key, document, ...result(done) });
    expect(assetSummarySchema.parse(summary)).toEqual(summary);
    expect(summary).toMatchObject({ faces: 3, people: [done.faces[0]!.personId] });
    expect(assetSummary({ ...key, document })).toMatchObject({ state: 'pending', people: [] });
    expect(assetSummary({ ...key, document })).not.toHaveProperty('faces');
  });
});
