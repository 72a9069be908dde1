import type { ResolvedComparer } from '@facelane/models';

/** What the comparer's thread is told once, when it starts. */
export type ComparerSetup = Pick<ResolvedComparer, 'comparer'>;

/** Tasks of the comparer's thread by name: what goes in, what comes out. */
export interface ComparerTasks {
  /** n × dimension floats of unit length each in, n probabilities out. */
  comparePairs: {
    input: { readonly first: Float32Array; readonly second: Float32Array };
    output: { readonly probabilities: Float32Array };
  };
  release: { input: Record<string, never>; output: Record<string, never> };
}
