import { type DetectJob, type EmbedJob, type IngestJob, jobIdOf, type MatchJob, PIPELINE } from '@facelane/contracts';
import { describe, expect, it } from 'vitest';

const asset = {
  tenant: 'media-archive',
  collection: 'summer-2026-press',
  assetId: '5f0c8a3e-6a3f-5c55-9d3c-0b9d6b0f2a11',
  contract: 'ultraface-rfb.mobilefacenet-128.v1',
  lane: 'bulk',
  intent: { kind: 'enrol', personId: '0d8a5f8e-7c4f-5b43-8f0e-7a5d3c2b1a00', name: 'Ada Lovelace, Countess' },
  submittedAt: '2026-11-23T10:00:00.000Z',
} satisfies Partial<IngestJob>;
const photo = { sha256: 'ab'.repeat(32), bytes: 8_388_608, format: 'jpeg', width: 6000, height: 4000 } as const;

describe('the jobs of one asset', () => {
  it('are at most 2 KB of data in all four stages together', () => {
    const key = 'originals/2026/11/23/press-conference/DSC_0123456-final.jpg';
    const jobs = {
      ingest: {
        ...asset,
        source: { kind: 'object', bucket: 'media-archive-originals', key },
        externalId: 'cms-2026-11-23-000123',
        tags: ['press', 'summer', 'stage'],
      } satisfies IngestJob,
      detect: { ...asset, photo, photoKey: key, seen: false } satisfies DetectJob,
      embed: { ...asset, photo, seen: false, faces: 12 } satisfies EmbedJob,
      match: { ...asset, photo, faces: 12 } satisfies MatchJob,
    };
    expect(Object.keys(jobs)).toEqual(PIPELINE.order);
    for (const stage of PIPELINE.order) expect(PIPELINE.stages[stage].input.parse(jobs[stage])).toEqual(jobs[stage]);
    const bytes = Object.values(jobs).map((job) => Buffer.byteLength(JSON.stringify(job)));
    expect(bytes.reduce((sum, n) => sum + n)).toBeLessThanOrEqual(2048);
    expect(jobIdOf(PIPELINE.stages.ingest, asset.assetId)).toBe(`ingest_${asset.assetId}`);
  });
});
