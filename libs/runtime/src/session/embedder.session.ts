import type { RuntimeOptions } from '@facelane/boot';
import type { EngineContract, InferenceEngine } from '@facelane/inference';
import { PhotoAnalyser, PhotoEmbedder } from '@facelane/stages';
import { limitsOf } from '../nest/handler.providers.js';
import { startEngine } from '../nest/inference.module.js';

/** Runs `work` with the models only: no Redis, no store, no index. */
export function withEmbedder<T>(
  options: RuntimeOptions,
  work: (embedder: PhotoEmbedder, contract: EngineContract) => Promise<T>,
): Promise<T> {
  return withEngine(options, (engine, analyser) => work(new PhotoEmbedder(analyser, engine), engine.contract));
}

/** Runs `work` with what finds faces in photos, for measuring it. */
export function withAnalyser<T>(options: RuntimeOptions, work: (analyser: PhotoAnalyser) => Promise<T>): Promise<T> {
  return withEngine(options, (_engine, analyser) => work(analyser));
}

async function withEngine<T>(
  options: RuntimeOptions,
  work: (engine: InferenceEngine, analyser: PhotoAnalyser) => Promise<T>,
): Promise<T> {
  const engine = await startEngine(options);
  try {
    return await work(engine, new PhotoAnalyser(engine, limitsOf(options)));
  } finally {
    await engine.close();
  }
}
