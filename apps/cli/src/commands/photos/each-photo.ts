import type { CliContext } from '../../cli.context.js';
import { PipelineProgress } from '../../output/progress/pipeline.progress.js';

export interface EachPhotoWish<T> {
  /** What is done with each, as the progress names it. */
  readonly stage: string;
  readonly paths: readonly string[];
  /** Photos in work at a time: enough to keep every inference thread fed while others are being decoded. */
  readonly atOnce: number;
  readonly work: (path: string) => Promise<T>;
}

/** What comes of each photo, in the order of the paths, with a progress bar. */
export async function eachPhoto<T>(
  context: Pick<CliContext, 'progress' | 'signal'>,
  { stage, paths, atOnce, work }: EachPhotoWish<T>,
): Promise<T[]> {
  const done = new Map<string, T>();
  const progress = new PipelineProgress({ stages: [stage], stream: process.stderr, mode: context.progress });
  progress.expect(paths.length);
  progress.start();
  const queue = [...paths];
  const lane = async (): Promise<void> => {
    for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
      context.signal.throwIfAborted();
      done.set(path, await work(path));
      progress.completed(stage);
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, lane));
  } finally {
    progress.stop();
  }
  return paths.map((path) => done.get(path)!);
}
