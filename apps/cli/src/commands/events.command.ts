import type { CommonFlags } from '../cli.context.js';
import { rebuild, type RebuildFlags } from '../events/rebuild.work.js';
import { tail, type TailFlags } from '../events/tail.work.js';
import { type CliCommand, LOCAL_TENANT } from './command.js';

export const eventsCommand: CliCommand = {
  register(program, run) {
    const group = program.command('events').summary('what has happened: watch it, or make its log again');
    group
      .command('tail')
      .summary('print events as they happen, one per line; Ctrl-C ends it')
      .option('--types <types>', 'only of these types, separated by commas')
      .option('--collection <name>', 'only of this collection')
      .option('--after <cursor>', 'behind this cursor; `latest`, or `oldest` for all that are kept', 'latest')
      .action(run<TailFlags & CommonFlags>(tail));
    group
      .command('rebuild')
      .summary('append the events of results, people and bulk jobs that the log has lost, or never had')
      .requiredOption('--since <time>', 'what happened since then, such as 2026-03-01 or 2026-03-01T18:00:00Z')
      .option('--collection <name>', 'only of this collection')
      .option('--tenant <name>', 'whose', LOCAL_TENANT)
      .action(run<RebuildFlags & CommonFlags>(rebuild));
  },
};
