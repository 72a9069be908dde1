/**
 * Says how probably two vectors are of one person, beside their cosine: the comparer of a model contract. An abstract class, so
 * that it is also the token to inject; where there is none, people are told apart by the cosine alone.
 */
export abstract class PairComparer {
  /** Id of the contract whose vectors it compares. */
  abstract readonly contract: string;

  /** One probability per pair, 0..1. Each argument: pairs × dimension floats of unit length. */
  abstract probabilities(first: Float32Array, second: Float32Array): Promise<Float32Array>;
}
