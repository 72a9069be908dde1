import { PIPELINE } from '@facelane/contracts';
import { ensureRedis } from '@facelane/local-redis';
import { PipelineBelt, readStatus } from '@facelane/queue';
import type { CliContext, CommonFlags } from '../cli.context.js';
import { stageTable } from '../output/tables/stage.table.js';
import { EXIT_CODES } from '../output/exit-codes.js';
import { type CliCommand } from './command.js';

export const statusCommand: CliCommand = {
  register(program, run) {
    program
      .command('status')
      .summary('what is on the belt: waiting, active, delayed, dead letters, workers')
      .action(
        run<CommonFlags>((context) =>
          withBelt(context, async ({ queues }) => {
            const stages = await readStatus(queues);
            context.print(context.json ? JSON.stringify({ stages }) : stageTable(stages, context.style));
            return EXIT_CODES.ok;
          }),
        ),
      );
  },
};

/** Looks at the queues without running a stage. */
export async function withBelt<T>(context: CliContext, work: (belt: PipelineBelt) => Promise<T>): Promise<T> {
  const { config, log } = context;
  const redis = await ensureRedis({ url: config.redis.url, dataDir: config.data.dir, log, allowInstall: true });
  try {
    const belt = await PipelineBelt.open(PIPELINE, 'producer', {
      url: redis.url,
      prefix: config.redis.prefix,
      onError: (error) => log.warn(error.message),
    });
    try {
      return await work(belt);
    } finally {
      await belt.close();
    }
  } finally {
    await redis.stop();
  }
}
