import { describe, expect, it } from 'vitest';
import { jobSchema } from '../schemas/job.schema.js';
import { bulkJob, bulkProgress } from '../testing/bulk.documents.js';
import { jobView } from './job.view.js';

const stages = [{ stage: 'ingest', waiting: 1, active: 0, delayed: 0 }];
const view = (job: object, progress: object, ratePerSecond?: number) =>
  jobSchema.parse(
    jobView(
      {
        ...{ job: bulkJob(job), progress: bulkProgress(progress), stages },
        ...(ratePerSecond !== undefined && { ratePerSecond }),
      },
      {},
    ),
  );

describe('a job as it is shown', () => {
  it('says when it will be done, where the total and the rate are known', () => {
    expect(view({ total: 1000 }, { accounted: 400 }, 20)).toMatchObject({ total: 1000, secondsLeft: 30, stages });
    expect(view({ total: 1000 }, { accounted: 400 })).not.toHaveProperty('secondsLeft');
    expect(view({ total: 1000 }, { accounted: 400, state: 'paused' }, 20)).not.toHaveProperty('secondsLeft');
    expect(view({}, { accounted: 400 }, 20)).not.toHaveProperty('secondsLeft');
  });

  it('believes what it counts more than what was expected', () => {
    expect(view({ total: 100 }, { accounted: 400 }, 20)).toMatchObject({ total: 400, secondsLeft: 0 });
    expect(view({ total: 1000 }, { accounted: 400, state: 'completed' })).toMatchObject({ total: 400 });
    expect(view({}, { accounted: 400, state: 'completed' })).toMatchObject({ total: 400 });
  });

  it('names its source as one would type it', () => {
    const manifest = { kind: 'manifest', bucket: 'media', key: 'list.csv' };
    expect([view({}, {}).source, view({ source: manifest }, {}).source]).toEqual([
      's3://media/2026/',
      's3://media/list.csv',
    ]);
  });
});
