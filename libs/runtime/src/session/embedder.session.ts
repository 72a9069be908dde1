import type { RuntimeOptions } from '@facelane/boot';
import type { EngineContract } from '@facelane/inference';
import { PhotoAnalyser, PhotoEmbedder } from '@facelane/stages';
import { limitsOf } from '../nest/handler.providers.js';
import { startEngine } from '../nest/inference.module.js';

/** Runs `work` with the models only: no Redis, no store, no index. */
export async function withEmbedder<T>(
  options: RuntimeOptions,
  work: (embedder: PhotoEmbedder, contract: EngineContract) => Promise<T>,
): Promise<T> {
  const engine = await startEngine(options);
  try {
    return await work(new PhotoEmbedder(new PhotoAnalyser(engine, limitsOf(options)), engine), engine.contract);
  } finally {
    await engine.close();
  }
}
