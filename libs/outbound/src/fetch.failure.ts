import { StageError } from '@facelane/contracts';
import { ForbiddenTargetError } from './forbidden-target.error.js';
import { type AnswerHeaders, headerOf } from './header.js';
import { retryAfterMs } from './retry-after.js';

/** What the codes of Node and undici mean to somebody who only submitted a URL. */
const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its host name is not known',
  EAI_AGAIN: 'its host name could not be looked up',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  ETIMEDOUT: 'the connection took too long',
  UND_ERR_CONNECT_TIMEOUT: 'the connection took too long',
  UND_ERR_HEADERS_OVERFLOW: 'the headers of the answer are too long',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  CERT_HAS_EXPIRED: 'its certificate has expired',
};

/** What a code of Node or undici means, or the code. */
export const reasonOf = (code: string): string => REASONS[code] ?? code;

/** A failure without an answer. The original message is not repeated: it would name the address of the host. */
export function networkFailure(error: unknown, subject: string): unknown {
  if (error instanceof ForbiddenTargetError) return notAllowed(`${subject} ${error.message}`, error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  // Ours already, or a mistake in this program.
  if (error instanceof StageError || typeof code !== 'string') return error;
  return unreachable(`${subject} could not be fetched: ${reasonOf(code)}.`, { cause: error });
}

/** An answer that is neither the photo nor a redirect. 429 and 503 may say when to come back. */
export function statusFailure(status: number, headers: AnswerHeaders, subject: string): StageError {
  const safeDetails = { status };
  if (status === 404 || status === 410) {
    return new StageError('INGEST.SOURCE_MISSING', `${subject} does not exist (status ${status}).`, { safeDetails });
  }
  if (status >= 500 || status === 429 || status === 408 || status === 425) {
    const asked = status === 429 || status === 503 ? headerOf(headers, 'retry-after') : undefined;
    const afterMs = retryAfterMs(asked, Date.now());
    return unreachable(`${subject} answered with status ${status}.`, {
      safeDetails,
      ...(afterMs !== undefined && { retry: { afterMs } }),
    });
  }
  return new StageError('INGEST.SOURCE_DENIED', `${subject} may not be read (status ${status}).`, { safeDetails });
}

export function notAllowed(sentence: string, cause?: unknown): StageError {
  return new StageError('INGEST.URL_NOT_ALLOWED', `${sentence}.`, { cause });
}

export function unreachable(message: string, options: ConstructorParameters<typeof StageError>[2] = {}): StageError {
  return new StageError('INGEST.URL_UNREACHABLE', message, options);
}
