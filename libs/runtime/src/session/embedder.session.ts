import type { RuntimeOptions } from '@facelane/boot';
import type { EngineContract, InferenceEngine, VectorComparer } from '@facelane/inference';
import { PhotoAnalyser, PhotoEmbedder } from '@facelane/stages';
import { limitsOf } from '../nest/handler.providers.js';
import { startComparer } from '../nest/comparer.module.js';
import { startEngine } from '../nest/inference.module.js';

/** What a contract's models can do with photos, and with the vectors of their faces. */
export interface Models {
  readonly embedder: PhotoEmbedder;
  readonly contract: EngineContract;
  /** Absent: the contract has none. */
  readonly comparer?: VectorComparer | undefined;
}

/** Runs `work` with the models only: no Redis, no store, no index. */
export function withEmbedder<T>(options: RuntimeOptions, work: (models: Models) => Promise<T>): Promise<T> {
  return withEngine(options, async (engine, analyser) => {
    const comparer = await startComparer(options);
    try {
      return await work({ embedder: new PhotoEmbedder(analyser, engine), contract: engine.contract, comparer });
    } finally {
      await comparer?.close();
    }
  });
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
