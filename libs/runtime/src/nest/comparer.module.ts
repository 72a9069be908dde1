import { OpenResources, PortsModule, RuntimeOptions } from '@facelane/boot';
import { PairComparer } from '@facelane/gallery';
import { VectorComparer } from '@facelane/inference';
import { loadManifest, resolveComparer } from '@facelane/models';
import { Global, Module } from '@nestjs/common';

/** Undefined when the configured contract has no comparer. @throws StageError when its file is missing, damaged or does not work. */
export async function startComparer({ config, log }: RuntimeOptions): Promise<VectorComparer | undefined> {
  const { manifest: own, cacheDir, contract } = config.models;
  const resolved = await resolveComparer(await loadManifest({ own }), cacheDir, contract);
  if (resolved === undefined) return undefined;
  const comparer = await VectorComparer.start(resolved);
  log.info({ contract: comparer.contract, comparer: resolved.comparer.id }, 'comparer ready');
  return comparer;
}

/**
 * The contract's comparer, for programs that decide who is who. Global: whoever decides takes it where a program brings it, and
 * decides by the cosine alone where none does.
 */
@Global()
@Module({
  imports: [PortsModule],
  providers: [
    {
      provide: PairComparer,
      inject: [RuntimeOptions, OpenResources],
      useFactory: async (options: RuntimeOptions, resources: OpenResources) => {
        const comparer = await startComparer(options);
        return comparer && resources.open(comparer, (opened) => opened.close());
      },
    },
  ],
  exports: [PairComparer],
})
export class ComparerModule {}
