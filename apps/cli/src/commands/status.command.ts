import { Belts } from '@facelane/boot';
import { ensureRedis } from '@facelane/local-redis';
import { readStatus } from '@facelane/queue';
import type { CliContext, CommonFlags } from '../cli.context.js';
import { stageTable } from '../output/tables/stage.table.js';
import { webhookLines } from '../output/webhook.lines.js';
import { type WebhookTrouble, webhookTroubles } from '../webhook.troubles.js';
import { EXIT_CODES } from '../output/exit-codes.js';
import { type CliCommand } from './command.js';

export const statusCommand: CliCommand = {
  register(program, run) {
    program
      .command('status')
      .summary('what is on the belt: waiting, active, delayed, dead letters, workers; webhook endpoints that fail')
      .action(
        run<CommonFlags>((context) =>
          withBelts(context, async (belts) => {
            const stages = await readStatus(...belts.all.map(({ queues }) => queues));
            const webhooks = await troublesOf(context, belts);
            if (context.json) context.print(JSON.stringify({ stages, webhooks }));
            else {
              context.print(stageTable(stages, context.style));
              if (webhooks.length > 0) context.print(`\n${webhookLines(webhooks)}`);
            }
            return EXIT_CODES.ok;
          }),
        ),
      );
  },
};

/** The belt is worth a look even where the store is not to be had. */
async function troublesOf(context: CliContext, belts: Belts): Promise<readonly WebhookTrouble[]> {
  try {
    return await webhookTroubles(context, belts);
  } catch (error) {
    context.note(`Webhook endpoints are not shown: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

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
