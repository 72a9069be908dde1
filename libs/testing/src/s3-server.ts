import { startFauxqs } from 'fauxqs';

export interface S3Server {
  /** `http://127.0.0.1:<port>`, for path-style requests. */
  readonly endpoint: string;
  /** Exists and is empty. */
  readonly bucket: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly region: string;
  createBucket(name: string): void;
  stop(): Promise<void>;
}

/**
 * A real S3 endpoint of this process, in memory, on a free loopback port. It ignores If-Match and If-None-Match on
 * PUT and accepts any secret.
 */
export async function startS3Server(): Promise<S3Server> {
  const server = await startFauxqs({ port: 0, host: '127.0.0.1', logger: false });
  const bucket = 'facelane-test';
  server.createBucket(bucket);
  return {
    endpoint: `http://127.0.0.1:${server.port}`,
    bucket,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    region: 'us-east-1',
    createBucket: (name) => void server.createBucket(name),
    stop: () => server.stop(),
  };
}
