import { z } from 'zod';
import { contractIdSchema } from '@facelane/contracts';
import { contractIssues } from './contract.issues.js';
import { contractSchema } from './contract.schema.js';
import { modelFileSchema } from './model-file.schema.js';
import { ingredientsIssue } from './recipes/ingredients.js';
import { stagesIssue } from './stages.issue.js';

/** Files, and the contracts that are made of them. */
export const modelManifestSchema = z
  .strictObject({
    version: z.literal(1),
    files: z.array(modelFileSchema),
    contracts: z.record(contractIdSchema, contractSchema),
  })
  .superRefine(({ files, contracts }, context) => {
    const kinds = new Map<string, string>(files.map(({ id, kind }) => [id, kind]));
    for (const [at, file] of files.entries()) {
      const message = ingredientsIssue(file);
      if (message !== undefined) context.addIssue({ code: 'custom', path: ['files', at, 'from'], message });
      const stages = stagesIssue(file, kinds);
      if (stages !== undefined) context.addIssue({ code: 'custom', path: ['files', at, 'stages'], message: stages });
    }
    if (kinds.size !== files.length) context.addIssue({ code: 'custom', message: 'two files have the same id' });
    for (const [name, contract] of Object.entries(contracts)) {
      for (const { path, message } of contractIssues(name, contract, files)) {
        context.addIssue({ code: 'custom', path: ['contracts', name, ...path], message });
      }
    }
  });

export type { ModelContract, ModelSettings } from './contract.schema.js';
export type { ModelFile, NetworkFile } from './model-file.schema.js';
/** `directory` is where relative `file:` sources start: the folder of the manifest. */
export type ModelManifest = z.output<typeof modelManifestSchema> & { readonly directory: string };
