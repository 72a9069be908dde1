import { StageError, type ErrorCode } from '@facelane/contracts';
import { z } from 'zod';

/** The one table of what S3's error names mean; a name that is not here is judged by its HTTP status. */
const BY_NAME: Readonly<Record<string, ErrorCode>> = {
  NoSuchKey: 'STORE.MISSING',
  NotFound: 'STORE.MISSING',
  NoSuchBucket: 'STORE.BUCKET_MISSING',
  AccessDenied: 'STORE.DENIED',
  AllAccessDisabled: 'STORE.DENIED',
  InvalidAccessKeyId: 'STORE.DENIED',
  SignatureDoesNotMatch: 'STORE.DENIED',
  ExpiredToken: 'STORE.DENIED',
  InvalidToken: 'STORE.DENIED',
  RequestTimeTooSkewed: 'STORE.DENIED',
  CredentialsProviderError: 'STORE.DENIED',
  // The bucket is in another region than the client's.
  PermanentRedirect: 'STORE.DENIED',
  AuthorizationHeaderMalformed: 'STORE.DENIED',
  InvalidObjectState: 'STORE.DENIED',
  KeyTooLongError: 'STORE.KEY_INVALID',
  XMinioStorageFull: 'STORE.FULL',
  QuotaExceeded: 'STORE.FULL',
  RequestTimeout: 'STORE.UNAVAILABLE',
  SlowDown: 'STORE.UNAVAILABLE',
  ConditionalRequestConflict: 'STORE.UNAVAILABLE',
  OperationAborted: 'STORE.UNAVAILABLE',
};

function byStatus(status: number): ErrorCode {
  if (status === 404) return 'STORE.MISSING';
  if (status === 401 || status === 403) return 'STORE.DENIED';
  if (status === 507) return 'STORE.FULL';
  // 501 is a request this server does not know; other 5xx and these two pass by themselves.
  if ((status >= 500 && status !== 501) || status === 408 || status === 429) return 'STORE.UNAVAILABLE';
  return 'STORE.REJECTED';
}

/** What the SDK's errors have in common; a failed connection has no status. */
const failureSchema = z.object({
  name: z.string(),
  message: z.string().default(''),
  code: z.string().optional().catch(undefined),
  $metadata: z.object({ httpStatusCode: z.int().optional(), attempts: z.int().optional() }).optional().catch(undefined),
});

export interface S3Failure {
  readonly name: string;
  /** Undefined when no answer came. */
  readonly status: number | undefined;
  readonly attempts: number;
}

export function readFailure(error: unknown): S3Failure {
  const parsed = failureSchema.safeParse(error);
  if (!parsed.success) return { name: 'Unknown', status: undefined, attempts: 1 };
  const { name, code, $metadata } = parsed.data;
  const status = $metadata?.httpStatusCode;
  return { name: status === undefined ? (code ?? name) : name, status, attempts: $metadata?.attempts ?? 1 };
}

/**
 * Turns a failure of the SDK into the one code that fits; StageErrors pass through.
 * @param doing names the request and the thing, e.g. `reading s3://photos/a.jpg`
 */
export function toStoreError(error: unknown, doing: string): StageError {
  if (error instanceof StageError) return error;
  const { name, status } = readFailure(error);
  // Without an answer it is the network, a name that does not resolve, or a time-out: all may pass.
  const code = BY_NAME[name] ?? (status === undefined ? 'STORE.UNAVAILABLE' : byStatus(status));
  const answer = status === undefined ? `no answer (${name})` : `HTTP ${status} ${name}`;
  return new StageError(code, `The object store failed ${doing}: ${answer}.`, {
    cause: error,
    safeDetails: status === undefined ? { reason: name } : { reason: name, status },
  });
}
