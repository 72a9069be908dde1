import { OpenResources, PortsModule, RuntimeOptions } from '@facelane/boot';
import { InferenceEngine, type InferenceOptions } from '@facelane/inference';
import { loadManifest, resolveContract } from '@facelane/models';
import { PipelineBelt } from '@facelane/queue';
import { Module } from '@nestjs/common';

/** Loads the models and passes the self-test before the application is up: a worker that cannot infer never starts. */
export async function startEngine(
  { config, log }: RuntimeOptions,
  order?: InferenceOptions['order'],
): Promise<InferenceEngine> {
  const manifest = await loadManifest({ own: config.models.manifest });
  const contract = await resolveContract(manifest, config.models.cacheDir, config.models.contract);
  const engine = await InferenceEngine.start({ ...config.inference, contract, order });
  log.info({ contract: contract.id, ...engine.stats() }, 'inference ready');
  return engine;
}

/** The models, for the stages that run them. */
@Module({
  imports: [PortsModule],
  providers: [
    {
      provide: InferenceEngine,
      inject: [RuntimeOptions, OpenResources, PipelineBelt],
      useFactory: (options: RuntimeOptions, resources: OpenResources, { gate }: PipelineBelt) =>
        resources.open(startEngine(options, gate), (engine) => engine.close()),
    },
  ],
  exports: [InferenceEngine],
})
export class InferenceModule {}
