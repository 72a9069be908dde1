import { InferenceEngine } from '@facelane/inference';
import { loadManifest, resolveContract } from '@facelane/models';
import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { RuntimeOptions } from './runtime.options.js';

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
  providers: [{ provide: InferenceEngine, inject: [RuntimeOptions], useFactory: startEngine }],
  exports: [InferenceEngine],
})
export class InferenceModule implements OnApplicationShutdown {
  constructor(private readonly engine: InferenceEngine) {}

  async onApplicationShutdown(): Promise<void> {
    await this.engine.close();
  }
}
