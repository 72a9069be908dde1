import type { CliCommand } from './command.js';
import { evalIdentifyCommand } from './eval/eval.identify.js';
import { evalLfwCommand } from './eval/eval.lfw.js';
import { evalWiderCommand } from './eval/eval.wider.js';

/** What is measured, in the order of the help. */
const MEASURES: readonly CliCommand[] = [evalLfwCommand, evalIdentifyCommand, evalWiderCommand];

export const evalCommand: CliCommand = {
  register(program, run) {
    const group = program.command('eval').summary('measure the models on labelled photos');
    for (const measure of MEASURES) measure.register(group, run);
  },
};
