import type { Problem } from './generated/types.gen.js';

/** What is wrong with one field of a request. */
export interface FieldError {
  /** Where: `body.thresholds.match`, `query.limit`, … */
  readonly path: string;
  readonly message: string;
}

/**
 * The API refused a request, or could not carry it out. Decide by `code`, which is stable; show `detail` and `remedy`
 * to people.
 */
export class FacelaneProblem extends Error {
  override readonly name = 'FacelaneProblem';
  /** `API.KEY_INVALID`, `INGEST.TOO_LARGE`, …; `HTTP.502` and the like when something before the API answered. */
  readonly code: string;
  /** HTTP status. */
  readonly status: number;
  /** What happened to which thing. */
  readonly detail: string;
  /** What to do about it. */
  readonly remedy: string;
  /** Under which the log of the deployment has more; empty when the answer has none. */
  readonly requestId: string;
  /** Every field that does not fit, for `API.REQUEST_INVALID`; else empty. */
  readonly errors: readonly FieldError[];
  /** How long to wait before the request may be sent again, in seconds. */
  readonly retryAfterSeconds: number | undefined;
  /** The whole answer, with what else this problem tells. */
  readonly document: Readonly<Record<string, unknown>>;

  constructor(document: Readonly<Record<string, unknown>>, response: Pick<Response, 'status' | 'headers'>) {
    const { code, detail, remedy, requestId, errors } = { ...fallback(response), ...(document as Partial<Problem>) };
    super(`${code}: ${detail} ${remedy}`);
    this.code = code;
    this.status = response.status;
    this.detail = detail;
    this.remedy = remedy;
    this.requestId = requestId;
    this.errors = errors ?? [];
    this.retryAfterSeconds = retryAfterSeconds(response.headers);
    this.document = document;
  }
}

/** Of an answer that is no problem document: a proxy or a load balancer gave it. */
function fallback({ status, headers }: Pick<Response, 'status' | 'headers'>): Partial<Problem> & ProblemTexts {
  return {
    code: `HTTP.${String(status)}`,
    detail: `The answer has status ${String(status)} and no problem document.`,
    remedy: 'Check the address, and what stands between you and the API.',
    requestId: headers.get('x-request-id') ?? '',
  };
}

type ProblemTexts = Pick<Problem, 'code' | 'detail' | 'remedy' | 'requestId'>;

/** RFC 9110: Retry-After holds seconds or a date. */
export function retryAfterSeconds(headers: Headers): number | undefined {
  const value = headers.get('retry-after')?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - Date.now()) / 1000));
}
