import type { Belts } from '@facelane/boot';
import { DeadLetters } from '@facelane/queue';
import type { Command } from 'commander';
import type { CommonFlags } from '../cli.context.js';
import { EXIT_CODES } from '../output/exit-codes.js';
import { type CliCommand, type Runner } from './command.js';
import { withBelts } from './status.command.js';

interface Filter extends CommonFlags {
  readonly stage?: string;
  readonly code?: string;
}

const filterOf = ({ stage, code }: Filter): { stage?: string; code?: string } => ({
  ...(stage !== undefined && { stage }),
  ...(code !== undefined && { code }),
});

export const deadLettersCommand: CliCommand = {
  register(program, run) {
    const group = program
      .command('dead-letters')
      .summary('jobs that will not be retried by themselves: why, and again');
    filters(group.command('list').summary('each with its reason and remedy')).action(list(run));
    filters(group.command('retry').summary('put them back on the belt')).action(retry(run));
  },
};

const filters = (command: Command): Command =>
  command.option('--stage <name>', 'only of this stage').option('--code <code>', 'only with this error code');

/** A question that failed was told to whoever asked it: it is forgotten by itself, and nothing to see to. */
const deadLettersOf = ({ pipeline, upkeep, deliveries }: Belts): DeadLetters =>
  new DeadLetters(pipeline.queues, upkeep.queues, deliveries.queues);

const list = (run: Runner): ReturnType<Runner> =>
  run<Filter>((context, flags) =>
    withBelts(context, async (belts) => {
      let found = 0;
      for await (const { stage, jobId, attempts, failedAt, failure } of deadLettersOf(belts).list(filterOf(flags))) {
        found += 1;
        if (context.json) {
          context.print(JSON.stringify({ stage, jobId, attempts, failedAt, ...failure }));
          continue;
        }
        context.print(`${jobId}  ${failure.code}  after ${attempts} attempts, ${failedAt.toISOString()}`);
        context.print(`  ${failure.message}\n  ${failure.remedy}`);
      }
      if (found === 0 && !context.json) context.print('No dead letters.');
      return EXIT_CODES.ok;
    }),
  );

const retry = (run: Runner): ReturnType<Runner> =>
  run<Filter>((context, flags) =>
    withBelts(context, async (belts) => {
      const retried = await deadLettersOf(belts).retry(filterOf(flags));
      context.print(context.json ? JSON.stringify({ retried }) : `${retried} jobs are back on the belt.`);
      return EXIT_CODES.ok;
    }),
  );
