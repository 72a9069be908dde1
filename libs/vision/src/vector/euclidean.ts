/**
 * Euclidean distance in an index that compares by the cosine.
 *
 * Unit vectors a and b at the distance d have the cosine 1 − d² / 2. Vectors of any length are first lifted: onto a sphere of radius r
 * around the origin of one dimension more, x ↦ (x, √(r² − |x|²)). What is between two lifted vectors is their distance, and the
 * difference of their last values beside: squared, at most (n / r)² of the distance squared, n being the greater length.
 */

/**
 * The vector on the sphere, divided by its radius: one value more, unit length.
 *
 * @throws RangeError when the vector is longer than the radius, or not finite.
 */
export function liftToSphere(vector: Float32Array, radius: number): Float32Array {
  let square = 0;
  for (const value of vector) square += value * value;
  if (!(square <= radius * radius)) {
    throw new RangeError(`A vector of length ${Math.sqrt(square)} does not fit a sphere of radius ${radius}.`);
  }
  const lifted = new Float32Array(vector.length + 1);
  for (const [at, value] of vector.entries()) lifted[at] = value / radius;
  lifted[vector.length] = Math.sqrt(1 - square / (radius * radius));
  return lifted;
}

/** Distance of two vectors on a sphere whose cosine is this. */
export const distanceAt = (cosine: number, radius = 1): number => radius * Math.sqrt(Math.max(0, 2 - 2 * cosine));

/** Cosine of two vectors on a sphere at this distance, 0 to twice the radius. */
export const cosineAtDistance = (distance: number, radius = 1): number => 1 - distance ** 2 / (2 * radius ** 2);
