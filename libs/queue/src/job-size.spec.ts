import { type DetectJob, type EmbedJob, type IngestJob, jobIdOf, type MatchJob, PIPELINE } from '@facelane/contracts';
import { describe, expect, it } from 'vitest';

const asset = {
  tenant: 'media-archive',
  collection: 'summer-2026-press',
  assetId: '5f0c8a3e-6a3f-5c55-9d3c-0b9d6b0f2a11',
  contract: 'ultraface-rfb.mobilefacenet-128.v1',
  submittedAt: '2026-11-23T10:00:00.000Z',
} satisfies Partial<IngestJob>;
const photo = { sha256: 'ab'.repeat(32), bytes: 8_388_608, format: 'jpeg', width: 6000, height: 4000 } as const;
const key = 'originals/2026/11/23/press-conference/DSC_0123456-final.jpg';
const bucket = 'media-archive-originals';
const said = { externalId: 'cms-2026-11-23-000123', tags: ['press', 'summer', 'stage'] };

type AssetPart = Pick<IngestJob, 'lane' | 'intent' | 'bulk' | 'quiet'>;
type Facts = Pick<MatchJob, 'facts'>;

function jobsOf({ bulk, ...more }: AssetPart, facts: Facts) {
  const each = { ...asset, ...more };
  return {
    ingest: {
      ...{ ...each, ...said, source: { kind: 'object', bucket, key } },
      ...(bulk !== undefined && { bulk }),
    } satisfies IngestJob,
    detect: { ...each, ...facts, photo, photoKey: key, seen: false } satisfies DetectJob,
    embed: { ...each, ...facts, photo, seen: false, faces: 12 } satisfies EmbedJob,
    match: { ...each, ...facts, photo, faces: 12 } satisfies MatchJob,
  };
}

function bytesOf(jobs: ReturnType<typeof jobsOf>): number {
  expect(Object.keys(jobs)).toEqual(PIPELINE.order);
  for (const stage of PIPELINE.order) expect(PIPELINE.stages[stage].input.parse(jobs[stage])).toEqual(jobs[stage]);
  const bytes = Object.values(jobs).map((job) => Buffer.byteLength(JSON.stringify(job)));
  return bytes.reduce((sum, n) => sum + n);
}

describe('the jobs of one asset', () => {
  it('are at most 2 KB of data in all four stages together, for an item of a bulk job that is told of as a whole', () => {
    const bulk = { job: '3b241101-e2bb-4255-8caf-4136c566a962', line: 1_000_000 };
    const jobs = jobsOf({ lane: 'bulk', intent: { kind: 'identify' }, bulk, quiet: true }, {});
    expect(bytesOf(jobs)).toBeLessThanOrEqual(2048);
    expect(jobIdOf(PIPELINE.stages.ingest, asset.assetId)).toBe(`ingest_${asset.assetId}`);
  });

  it('are at most 750 bytes more for a photo whose end is told, with what is told of it', () => {
    const personId = '0d8a5f8e-7c4f-5b43-8f0e-7a5d3c2b1a00';
    const intent = { kind: 'enrol', personId, name: 'Ada Lovelace, Countess' } as const;
    const jobs = jobsOf({ lane: 'interactive', intent }, { facts: { ...said, source: `s3://${bucket}/${key}` } });
    expect(bytesOf(jobs)).toBeLessThanOrEqual(2048 + 750);
  });
});
