import { contractIdSchema, StageError } from '@facelane/contracts';
import type { FacePoint, IndexContract, PointFilter } from './face-index.port.js';

const POINT_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Far above float32 rounding of 512 squares (1e-6), far below the length of a vector nobody normalised. */
const UNIT_TOLERANCE = 1e-3;
/** Both drivers keep this many components without trouble; Qdrant's own limit is 65 535. */
const MAX_DIMENSION = 65_535;

function invalid(message: string): StageError {
  return new StageError('INDEX.INPUT_INVALID', message);
}

export function checkContractId(id: string): void {
  if (!contractIdSchema.safeParse(id).success) {
    throw invalid(
      `The model contract id "${id}" is not 1 to 63 of a-z, 0-9, "." and "-", starting with a letter or digit.`,
    );
  }
}

export function checkContract(contract: IndexContract): void {
  checkContractId(contract.id);
  if (!Number.isInteger(contract.dimension) || contract.dimension < 1 || contract.dimension > MAX_DIMENSION) {
    throw invalid(
      `Model contract ${contract.id} names the dimension ${contract.dimension}; it is 1 to ${MAX_DIMENSION}.`,
    );
  }
}

export function checkFilter(filter: PointFilter): void {
  for (const key of ['tenant', 'collection'] as const) {
    if (typeof filter[key] !== 'string' || filter[key] === '') throw invalid(`The filter names no ${key}.`);
  }
}

export function checkLimit(limit: number, name: string): void {
  if (!Number.isInteger(limit) || limit < 1) throw invalid(`The ${name} is ${limit}; it is a whole number from 1.`);
}

export function checkPointIds(ids: readonly string[]): void {
  for (const id of ids) {
    if (!POINT_ID.test(id)) throw invalid(`The point id "${id}" is not a lower-case UUID.`);
  }
}

/** Refuses a vector whose cosine would be wrong or NaN: of any other length than `dimension`, or not of unit length. */
export function checkVector(vector: Float32Array, dimension: number, of: string): void {
  if (vector.length !== dimension) {
    throw invalid(`The vector of ${of} has ${vector.length} numbers; its model contract has ${dimension}.`);
  }
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  if (!Number.isFinite(length)) throw invalid(`The vector of ${of} holds NaN or infinity.`);
  if (Math.abs(length - 1) > UNIT_TOLERANCE) {
    throw invalid(`The vector of ${of} has the length ${length.toFixed(4)}; the index takes vectors of length 1.`);
  }
}

/** Vectors are checked apart, by checkVector, once the contract's dimension is known. */
export function checkPoints(points: readonly FacePoint[]): void {
  checkPointIds(points.map((point) => point.id));
  for (const point of points) {
    checkFilter(point);
    if (point.faceIndex !== undefined && (!Number.isInteger(point.faceIndex) || point.faceIndex < 0)) {
      throw invalid(`Point ${point.id} has the face index ${point.faceIndex}; it is a whole number from 0.`);
    }
    if (point.score !== undefined && !Number.isFinite(point.score)) {
      throw invalid(`Point ${point.id} has the score ${point.score}.`);
    }
  }
}
