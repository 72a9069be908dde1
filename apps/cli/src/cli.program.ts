import { loadConfig } from '@facelane/config';
import { createLogger } from '@facelane/telemetry';
import { Command, CommanderError } from 'commander';
import { createContext, type CommonFlags } from './cli.context.js';
import type { CliCommand, CommandWork, Runner } from './commands/command.js';
import { calibrateCommand } from './commands/calibrate.command.js';
import { deadLettersCommand } from './commands/dead-letters.command.js';
import { enrollCommand } from './commands/enroll.command.js';
import { evalCommand } from './commands/eval.command.js';
import { eventsCommand } from './commands/events.command.js';
import { jobsCommand } from './commands/jobs.command.js';
import { modelsCommand } from './commands/models.command.js';
import { quickstartCommand } from './commands/quickstart.command.js';
import { resumeCommand } from './commands/resume.command.js';
import { searchCommand } from './commands/search.command.js';
import { statusCommand } from './commands/status.command.js';
import { tagCommand } from './commands/tag.command.js';
import { verifyCommand } from './commands/verify.command.js';
import { exitCodeOf } from './output/exit-codes.js';
import { printError } from './output/print-error.js';
import { InterruptedError } from './interrupted.error.js';

/** A person at a terminal wants to hear of trouble only, in words. */
const CLI_DEFAULTS = { LOG_LEVEL: 'warn', LOG_FORMAT: 'pretty' };

/** Every command, in the order of the help. */
const COMMANDS: readonly CliCommand[] = [
  quickstartCommand,
  tagCommand,
  enrollCommand,
  searchCommand,
  verifyCommand,
  jobsCommand,
  statusCommand,
  resumeCommand,
  deadLettersCommand,
  eventsCommand,
  modelsCommand,
  evalCommand,
  calibrateCommand,
];

/** Runs one command line; returns the process's exit code. Ctrl-C ends work in order, a second one at once. */
export async function runCli(argv: readonly string[]): Promise<number> {
  const interruption = new AbortController();
  const onSignal = (): void => {
    if (interruption.signal.aborted) process.exit(130);
    interruption.abort(new InterruptedError());
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  let exitCode = 0;
  const program = buildProgram(runnerOf(interruption.signal, (code) => (exitCode = code)));
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    printError(error, { stderr: process.stderr, debug: argv.includes('--debug') });
    return exitCodeOf(error);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

function buildProgram(run: Runner): Command {
  const program = new Command('facelane')
    .description('Find who is in each photo, at bulk scale.')
    .exitOverride()
    .showHelpAfterError('(run with --help for what it understands)');
  for (const command of COMMANDS) command.register(program, run);
  for (const leaf of leavesOf(program)) {
    leaf.option('--json', 'print JSON for scripts, and nothing else').option('-q, --quiet', 'no progress, no remarks');
  }
  return program;
}

const leavesOf = (command: Command): Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);

/** Commander hands over the arguments, then the flags, then the command. */
function runnerOf(signal: AbortSignal, exit: (code: number) => void): Runner {
  return <Flags extends CommonFlags>(work: CommandWork<Flags>) =>
    async (...given: unknown[]) => {
      const flags = given.at(-2) as Flags;
      const args = given
        .slice(0, -2)
        .flat()
        .filter((arg): arg is string => typeof arg === 'string');
      const config = loadConfig(undefined, CLI_DEFAULTS);
      const log = createLogger(config.log);
      for (const warning of config.warnings) log.warn(warning);
      exit(await work(createContext(flags, { config, log, signal }), flags, args));
    };
}
