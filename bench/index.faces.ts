import { randomUUID } from 'node:crypto';
import type { FacePoint } from '@facelane/face-index';
import { identities, randomUnit, seededRandom } from '../libs/face-index/src/testing/identities.js';

export const DIMENSION = 512;
/** Of one person: a family album has more, a crowd fewer. */
const FACES_EACH = 8;
/** Two photos of one person are this alike: the middle of what aligned faces of one person have. */
const ALIKE = 0.6;

/** Points to search among, and vectors to search for. */
export interface BenchFaces {
  readonly what: string;
  readonly collection: string;
  readonly points: readonly FacePoint[];
  /** Other photos of people among the points, and every fourth of a stranger. */
  readonly queries: readonly Float32Array[];
}

export interface FaceSource {
  readonly what: string;
  readonly collection: string;
  readonly vectors: Iterator<Float32Array<ArrayBuffer>>;
}

export function facesOfPeople(collection: string): FaceSource {
  return { what: 'people', collection, vectors: identities(DIMENSION, FACES_EACH, seededRandom(1)) };
}

/** The hardest case: nothing is near anything, so nearly every vector might be among the nearest. */
export function facesWithoutOrder(collection: string): FaceSource {
  const random = seededRandom(2);
  const vectors = (function* () {
    for (;;) yield randomUnit(DIMENSION, random);
  })();
  return { what: 'vectors without order', collection, vectors };
}

/** The same vectors on every run. */
export function takeFaces(source: FaceSource, count: number, queries: number): BenchFaces {
  const { what, collection, vectors } = source;
  const random = seededRandom(3);
  const points = Array.from({ length: count }, () => ({
    ...{ id: randomUUID(), kind: 'face' as const, tenant: 'bench', collection },
    vector: vectors.next().value as Float32Array<ArrayBuffer>,
  }));
  const query = (at: number): Float32Array => {
    const stranger = randomUnit(DIMENSION, random);
    if (at % 4 === 3) return stranger;
    return between(points[Math.floor(random() * count)]!.vector, stranger);
  };
  return { what, collection, points, queries: Array.from({ length: queries }, (_, at) => query(at)) };
}

function between(vector: Float32Array, other: Float32Array): Float32Array {
  const mixed = vector.map((value, at) => ALIKE * value + Math.sqrt(1 - ALIKE ** 2) * other[at]!);
  const length = Math.hypot(...mixed);
  return mixed.map((value) => value / length);
}
