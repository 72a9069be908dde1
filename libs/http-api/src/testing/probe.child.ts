/** A worker that takes probes and never answers, to be killed. Arguments: URL of Redis, prefix. */
import { PROBES } from '@facelane/contracts';
import { PipelineBelt } from '@facelane/queue';

const [url = '', prefix = ''] = process.argv.slice(2);
const belt = await PipelineBelt.open(PROBES, 'worker', { url, prefix, onError: () => undefined });
belt.startWorker({
  stage: PROBES.stages.probe,
  handler: async ({ assetId }) => {
    process.stdout.write(`${assetId}\n`);
    return new Promise<never>(() => undefined);
  },
  tuning: { lockMs: 1_000 },
});
