/** A face whose person is known, with what it is thought to be worth. */
export interface RatedFace {
  readonly person: string;
  /** Unit vector. */
  readonly vector: Float32Array;
  /** 0..100, see faceUtility. */
  readonly utility: number;
}

/** Two faces of one person, by their places in the list. */
export interface GenuinePair {
  readonly first: number;
  readonly second: number;
  /** Its cosine is below the threshold. */
  readonly isMissed: boolean;
}

/** Every pair of two faces of one person. */
export function genuinePairs(faces: readonly RatedFace[], threshold: number): GenuinePair[] {
  const places = new Map<string, number[]>();
  for (const [place, { person }] of faces.entries()) places.set(person, [...(places.get(person) ?? []), place]);
  return [...places.values()].flatMap((own) =>
    own.flatMap((second, at) =>
      own.slice(0, at).map((first) => {
        const isMissed = product(faces[first]!.vector, faces[second]!.vector) < threshold;
        return { first, second, isMissed };
      }),
    ),
  );
}

/** In the order of PairScorer's sums, so that a pair at the threshold falls on the same side. */
function product(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}
