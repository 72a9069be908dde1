import { StageError } from '@facelane/contracts';
import { QdrantClientResourceExhaustedError, QdrantClientTimeoutError } from '@qdrant/js-client-rest';
import { z } from 'zod';

/** The client throws its HTTP failures as an ApiError of a package it does not re-export; its shape is parsed. */
const httpFailureSchema = z.object({
  status: z.int(),
  data: z
    .object({ status: z.object({ error: z.string() }) })
    .optional()
    .catch(undefined),
});
const causeSchema = z.object({ cause: z.object({ code: z.string() }) });

/** Long enough for every message of Qdrant's own; a proxy's HTML page is cut. */
const MAX_REASON = 300;

/** Turns a failure of the client into the one code that fits; `doing` names the request and the collection. */
export function toIndexError(error: unknown, doing: string, contractId: string): StageError {
  if (error instanceof StageError) return error;
  if (error instanceof QdrantClientTimeoutError)
    return unavailable(`Qdrant did not answer in time while ${doing}`, error);
  if (error instanceof QdrantClientResourceExhaustedError) {
    return new StageError('INDEX.UNAVAILABLE', `Qdrant is at its limit and refused ${doing} for now.`, {
      cause: error,
      retry: { afterMs: Math.ceil(error.retry_after * 1000) },
    });
  }
  const failure = httpFailureSchema.safeParse(error);
  if (failure.success) return fromStatus(failure.data, error, doing, contractId);
  const refused = causeSchema.safeParse(error);
  if (refused.success)
    return unavailable(`Qdrant cannot be reached (${refused.data.cause.code}) while ${doing}`, error);
  if (error instanceof z.ZodError) {
    return new StageError('INDEX.REJECTED', `Qdrant answered ${doing} with something else than its API promises.`, {
      cause: error,
    });
  }
  return unavailable(`Qdrant failed while ${doing}`, error);
}

type HttpFailure = z.output<typeof httpFailureSchema>;

function fromStatus(failure: HttpFailure, cause: unknown, doing: string, contractId: string): StageError {
  const { status } = failure;
  const reason = failure.data?.status.error.slice(0, MAX_REASON) ?? 'no reason given';
  const options = { cause, safeDetails: { status } };
  if (status === 401 || status === 403) {
    return new StageError('INDEX.DENIED', `Qdrant denied ${doing} (HTTP ${status}).`, options);
  }
  if (status === 404) return contractMissing(contractId, cause);
  // 408 and 429 without a Retry-After header pass by themselves, as every 5xx may.
  if (status >= 500 || status === 408 || status === 429) {
    return unavailable(`Qdrant failed (HTTP ${status}: ${reason}) while ${doing}`, cause);
  }
  return new StageError('INDEX.REJECTED', `Qdrant refused ${doing} (HTTP ${status}: ${reason}).`, options);
}

export function contractMissing(contractId: string, cause?: unknown): StageError {
  return new StageError('INDEX.CONTRACT_MISSING', `The index has no vectors of model contract ${contractId}.`, {
    cause,
  });
}

function unavailable(message: string, cause: unknown): StageError {
  return new StageError('INDEX.UNAVAILABLE', `${message}.`, { cause });
}
