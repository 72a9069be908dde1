import { type ErrorCode, StageError } from '@facelane/contracts';
import { isLogProblem, LOG_PROBLEMS } from './log.problems.js';
import { ProblemError } from './problem.error.js';
import { PROBLEMS } from './problem.table.js';

/** RFC 9457, with a stable code, what to do, and the id under which the log has more. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly remedy: string;
  readonly requestId: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

export interface Problem {
  readonly document: ProblemDocument;
  readonly headers: Readonly<Record<string, string>>;
  /** A defect of ours or trouble behind us: the log gets the cause. */
  readonly isOurs: boolean;
}

/** Statuses of failures whose code is not the API's own; the photo's are 422. */
const STATUS_OF: Partial<Record<ErrorCode, number>> = {
  'INGEST.TOO_LARGE': 413,
  'INGEST.SOURCE_NOT_ALLOWED': 403,
  'MATCH.COLLECTION_MISSING': 404,
  'MATCH.CONTRACT_MISMATCH': 409,
  'GALLERY.PERSON_MISSING': 404,
  'GALLERY.PERSON_MERGED': 409,
  'GALLERY.MERGE_REFUSED': 409,
  'GALLERY.TOO_MANY': 409,
  'STORE.KEY_INVALID': 422,
  'STORE.BUCKET_MISSING': 503,
  'INFERENCE.OVERLOADED': 503,
  'QUEUE.TIMEOUT': 503,
  'QUEUE.LEASE_LOST': 503,
};

/** Suggested wait of a caller that met a server which is away, in seconds. */
const RETRY_AFTER = '5';

/** Any failure as what the caller is told. Nothing of an unknown error is told: it may hold paths or addresses. */
export function toProblem(error: unknown, requestId: string): Problem {
  if (error instanceof ProblemError) return ownProblem(error, requestId);
  if (error instanceof StageError) return stageProblem(error, requestId);
  return ownProblem(transportProblem(error), requestId);
}

function ownProblem(error: ProblemError, requestId: string): Problem {
  const { status, title, remedy } = PROBLEMS[error.code];
  return {
    document: {
      ...base(error.code, requestId),
      ...{ title, status, detail: error.message, remedy },
      ...(error.errors.length > 0 && { errors: error.errors }),
      ...error.extensions,
    },
    headers: { ...(status === 503 && { 'retry-after': RETRY_AFTER }), ...error.headers },
    isOurs: status >= 500,
  };
}

function stageProblem(error: StageError, requestId: string): Problem {
  const known = isLogProblem(error.code) ? LOG_PROBLEMS[error.code] : undefined;
  const status = known?.status ?? STATUS_OF[error.code] ?? statusOfRoom(error);
  const isOurs = status >= 500;
  const ours = PROBLEMS[status === 503 ? 'API.UNAVAILABLE' : 'API.DEFECT'];
  return {
    document: {
      ...base(error.code, requestId),
      title: isOurs ? ours.title : (known?.title ?? 'The photo or what it belongs to cannot be used'),
      status,
      // The messages of our own servers' troubles name hosts and files.
      detail: isOurs ? 'The request was not completed.' : error.message,
      remedy: isOurs ? ours.remedy : error.remedy,
    },
    headers: status === 503 ? { 'retry-after': RETRY_AFTER } : {},
    isOurs,
  };
}

function statusOfRoom({ code, retry }: StageError): number {
  if (code.startsWith('INGEST.') || code.startsWith('DETECT.')) return 422;
  return retry === 'never' ? 500 : 503;
}

const base = (code: string, requestId: string): Pick<ProblemDocument, 'type' | 'code' | 'requestId'> => ({
  type: `urn:facelane:problem:${code.toLowerCase().replaceAll(/[._]/g, '-')}`,
  code,
  requestId,
});

/** What Fastify, its plugins and Nest refuse before a handler sees the request, by the status they give it. */
function transportProblem(error: unknown): ProblemError {
  const status = statusOf(error);
  const options = { cause: error };
  switch (status) {
    case 404:
      return new ProblemError('API.ROUTE_MISSING', 'No endpoint has this method and path.', options);
    case 408:
      return new ProblemError('API.REQUEST_TIMEOUT', 'The request was not complete in time.', options);
    case 413:
      return new ProblemError('API.TOO_LARGE', 'The body is larger than this endpoint takes.', options);
    case 406:
    case 415:
      return new ProblemError(
        'API.TYPE_UNSUPPORTED',
        'The content type of the body is not one of this endpoint.',
        options,
      );
    default:
      if (status >= 400 && status < 500) {
        return new ProblemError('API.REQUEST_UNPARSABLE', 'The request is not well-formed.', options);
      }
      return new ProblemError('API.DEFECT', 'The request was not completed.', options);
  }
}

function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null) return 500;
  const { statusCode, status, getStatus } = error as { statusCode?: unknown; status?: unknown; getStatus?: unknown };
  if (typeof getStatus === 'function') return Number((error as { getStatus: () => unknown }).getStatus());
  return Number(statusCode ?? status ?? 500) || 500;
}
