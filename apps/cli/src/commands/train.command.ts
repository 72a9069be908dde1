import type { CliCommand } from './command.js';
import { trainEigenfacesCommand } from './train/train.eigenfaces.js';
import { trainSiameseCommand } from './train/train.siamese.js';

/** What is trained here, in the order of the help. */
const TRAINED: readonly CliCommand[] = [trainEigenfacesCommand, trainSiameseCommand];

/** `models train`, in the group of `models`. */
export const trainCommand: CliCommand = {
  register(models, run) {
    const group = models.command('train').summary('make a model of your own photos');
    for (const each of TRAINED) each.register(group, run);
  },
};
