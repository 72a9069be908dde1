import { OpenResources, RuntimeOptions } from '@facelane/boot';
import { InferenceEngine } from '@facelane/inference';
import { loadManifest, resolveContract } from '@facelane/models';
import { Module } from '@nestjs/common';

/** Loads the models and passes the self-test before the application is up: a worker that cannot infer never starts. */
export async function startEngine({ config, log }: RuntimeOptions): Promise<InferenceEngine> {
  const manifest = await loadManifest();
  const contract = await resolveContract(manifest, config.models.cacheDir, config.models.contract);
  const engine = await InferenceEngine.start({ ...config.inference, contract });
  log.info({ contract: contract.id, ...engine.stats() }, 'inference ready');
  return engine;
}

/** The models, for the stages that run them. */
@Module({
  providers: [
    {
      provide: InferenceEngine,
      inject: [RuntimeOptions, OpenResources],
      useFactory: (options: RuntimeOptions, resources: OpenResources) =>
        resources.open(startEngine(options), (engine) => engine.close()),
    },
  ],
  exports: [InferenceEngine],
})
export class InferenceModule {}
