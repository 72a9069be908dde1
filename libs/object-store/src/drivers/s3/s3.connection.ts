import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { toStoreError } from './s3.errors.js';

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface S3ObjectStoreOptions {
  readonly bucket: string;
  /** Default: `us-east-1`, which most S3-compatible servers expect. */
  readonly region?: string;
  /** Default: Amazon's own. */
  readonly endpoint?: string;
  /** Bucket in the path, not in the host name. Default: true with an endpoint, else false. */
  readonly forcePathStyle?: boolean;
  /** Default: the SDK's chain (environment, profile, instance or task role). */
  readonly credentials?: S3Credentials;
  /** Connections kept, and so requests in flight. Default 64. */
  readonly maxConnections?: number;
  /** Milliseconds to connect. Default 5 000. */
  readonly connectTimeoutMs?: number;
  /** Milliseconds until an attempt is answered. Default 15 000. */
  readonly requestTimeoutMs?: number;
  /**
   * Milliseconds for a call in all, with its attempts and its body; of an object that is read or written piece by
   * piece, for each piece. Default 60 000.
   */
  readonly callTimeoutMs?: number;
  /** Attempts per call, with the SDK's jittered back-off between them. Default 3. */
  readonly maxAttempts?: number;
}

/** One client, and what every call through it needs: a deadline and the mapping of failures. */
export class S3Connection {
  readonly client: S3Client;
  readonly callTimeoutMs: number;

  constructor(options: S3ObjectStoreOptions) {
    this.client = new S3Client(clientConfig(options));
    this.callTimeoutMs = options.callTimeoutMs ?? 60_000;
  }

  /** Runs one call. Rejects with the caller's own reason when he aborts, else with a StageError. */
  async call<T>(
    doing: string,
    signal: AbortSignal | undefined,
    work: (options: { abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted();
    const deadline = new AbortController();
    const late = new DOMException(`No answer in ${this.callTimeoutMs} ms.`, 'TimeoutError');
    const timer = setTimeout(() => deadline.abort(late), this.callTimeoutMs).unref();
    const abortSignal = signal === undefined ? deadline.signal : AbortSignal.any([signal, deadline.signal]);
    try {
      return await work({ abortSignal });
    } catch (error) {
      signal?.throwIfAborted();
      throw toStoreError(deadline.signal.aborted ? late : error, doing);
    } finally {
      // The SDK destroys an answer whose signal aborts, and the body of `open` is still to be read.
      clearTimeout(timer);
    }
  }
}

function clientConfig(options: S3ObjectStoreOptions): S3ClientConfig {
  const agent = { keepAlive: true, maxSockets: options.maxConnections ?? 64 };
  return {
    region: options.region ?? 'us-east-1',
    forcePathStyle: options.forcePathStyle ?? options.endpoint !== undefined,
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    // A copy: the SDK writes a mark of its own into the object, and configuration is frozen.
    ...(options.credentials === undefined ? {} : { credentials: { ...options.credentials } }),
    maxAttempts: options.maxAttempts ?? 3,
    // The SDK's default sends uploads as aws-chunked with a CRC trailer; some compatible servers store the framing.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: options.connectTimeoutMs ?? 5_000,
      requestTimeout: options.requestTimeoutMs ?? 15_000,
      // Without this a breach is only logged.
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: agent,
    },
  };
}
