import { readStatus } from '@facelane/queue';
import type { CliContext, CommonFlags } from '../cli.context.js';
import { type LocalSession, withSession } from '../local.session.js';
import { EXIT_CODES } from '../output/exit-codes.js';
import { type CliCommand, DEFAULT_COLLECTION, LOCAL_TENANT } from './command.js';

interface ResumeFlags extends CommonFlags {
  readonly collection: string;
}

/** Between two looks at the queues, milliseconds. */
const LOOK_EVERY_MS = 500;

export const resumeCommand: CliCommand = {
  register(program, run) {
    program
      .command('resume')
      .summary('put accepted photos without a result back on the belt, and finish what is on it')
      .option('--collection <name>', 'collection to look through', DEFAULT_COLLECTION)
      .action(
        run<ResumeFlags>((context, { collection }) =>
          withSession(context, async ({ session }) => {
            const resumed = await session.resume(LOCAL_TENANT, collection, context.signal);
            context.note(`${resumed} photos were without a result.`);
            const dead = await beltEmpty(session, context.signal);
            context.print(
              context.json ? JSON.stringify({ collection, resumed, dead }) : `The belt is empty; ${dead} dead letters.`,
            );
            return EXIT_CODES.ok;
          }),
        ),
      );
  },
};

/** Waits until nothing is on the belt; returns how many dead letters there are. */
async function beltEmpty({ belt }: LocalSession['session'], signal: CliContext['signal']): Promise<number> {
  for (;;) {
    signal.throwIfAborted();
    const stages = await readStatus(belt.queues);
    if (stages.every(({ waiting, active, delayed }) => waiting + active + delayed === 0)) {
      return stages.reduce((sum, { dead }) => sum + dead, 0);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
