import { loadConfig } from '@facelane/config';
import { createLogger } from '@facelane/telemetry';
import { describeFailure } from './boot-failure.js';
import { RuntimeOptions } from './runtime.options.js';

export interface RunningProgram {
  /** Finishes or hands back what is under way, and lets go of everything. */
  close(): Promise<void>;
}

/**
 * Runs a program from its start to SIGTERM or Ctrl-C and ends the process. A start that fails says so in two
 * sentences on stderr: exit code 2 for a wrong setting, 3 for surroundings that are not as needed, 70 for a defect.
 *
 * @param start gets a signal that aborts when the program is asked to stop while it is still starting.
 */
export async function runProgram(
  start: (options: RuntimeOptions, signal: AbortSignal) => Promise<RunningProgram>,
): Promise<never> {
  const stop = onStopSignal();
  try {
    const config = loadConfig();
    const log = createLogger(config.log);
    for (const warning of config.warnings) log.warn(warning);
    const program = await start(new RuntimeOptions(config, log), stop.signal);
    await stop.asked;
    log.info('stopping: running jobs are finished or handed back');
    await program.close();
    log.info('stopped');
    // Only now: ending the process while a model runs makes onnxruntime-node abort it.
    process.exit(0);
  } catch (error) {
    if (stop.signal.aborted && error === stop.signal.reason) process.exit(0);
    const { text, exitCode } = describeFailure(error);
    process.stderr.write(text);
    process.exit(exitCode);
  }
}

/** The first signal asks for an orderly end; the second ends at once, and the locks of the jobs run out by themselves. */
function onStopSignal(): { readonly signal: AbortSignal; readonly asked: Promise<void> } {
  const controller = new AbortController();
  const asked = Promise.withResolvers<undefined>();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.kill(process.pid, 'SIGKILL');
    controller.abort();
    asked.resolve(undefined);
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  return { signal: controller.signal, asked: asked.promise };
}
