import { Belts } from '@facelane/boot';
import { ensureRedis } from '@facelane/local-redis';
import { readStatus } from '@facelane/queue';
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
          withBelts(context, async ({ all }) => {
            const stages = await readStatus(...all.map(({ queues }) => queues));
            context.print(context.json ? JSON.stringify({ stages }) : stageTable(stages, context.style));
            return EXIT_CODES.ok;
          }),
        ),
      );
  },
};

/** Looks at the queues without running a stage. */
export async function withBelts<T>(context: CliContext, work: (belts: Belts) => Promise<T>): Promise<T> {
  const { config, log } = context;
  const redis = await ensureRedis({ url: config.redis.url, dataDir: config.data.dir, log, allowInstall: true });
  try {
    const belts = await Belts.open('producer', {
      url: redis.url,
      prefix: config.redis.prefix,
      events: config.events,
      onError: (error) => log.warn(error.message),
    });
    try {
      return await work(belts);
    } finally {
      await belts.close();
    }
  } finally {
    await redis.stop();
  }
}
