import { contractFileIds, loadManifest, pullModels } from '@facelane/models';
import type { CliContext } from './cli.context.js';
import { ModelProgress } from './output/progress/model.progress.js';

/** Brings the files of the configured model contract, and others asked for, into the cache; quick when they are there. */
export async function bringModels(
  context: CliContext,
  more: readonly string[] = [],
): Promise<ReadonlyMap<string, string>> {
  const { config } = context;
  const manifest = await loadManifest({ own: config.models.manifest });
  const progress = new ModelProgress({ stream: process.stderr, mode: context.progress, color: context.style.color });
  return pullModels(manifest, [...contractFileIds(manifest, config.models.contract), ...more], {
    cacheDir: config.models.cacheDir,
    onProgress: ({ file, phase, ...bytes }) => {
      if (phase !== 'cached') progress.update({ name: file.id, phase, ...bytes });
    },
  });
}
