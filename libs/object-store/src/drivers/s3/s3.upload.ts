import { Readable } from 'node:stream';
import { AbortMultipartUploadCommand, type S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { PutResult } from '../../object-store.port.js';
import type { S3Connection } from './s3.connection.js';
import { required } from './s3.facts.js';

/** The smallest that S3 takes; with its 10 000 parts an object may have 48 GiB. */
const PART_BYTES = 5 * 1024 * 1024;

/**
 * Writes a body as one request when it is shorter than a part, else part by part. Parts go one after the other: when
 * one fails the body is read no further, and what was uploaded is thrown away before this rejects.
 */
export async function uploadBody(
  connection: S3Connection,
  input: { readonly Bucket: string; readonly Key: string; readonly ContentType: string },
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<PutResult> {
  const doing = `writing s3://${input.Bucket}/${input.Key}`;
  const Body = Readable.from(chunks, { highWaterMark: 1 });
  const upload = new Upload({
    client: requester(connection, doing, signal),
    params: { ...input, Body },
    partSize: PART_BYTES,
    queueSize: 1,
  });
  try {
    const { ETag } = await upload.done();
    return { outcome: 'stored', etag: required(ETag, input.Key) };
  } finally {
    Body.destroy();
  }
}

/**
 * What the SDK's uploader needs of a client, with a deadline for every request and with the caller's signal, which
 * the uploader would look at only between two parts. Throwing away what was uploaded goes on after an abort.
 */
function requester(connection: S3Connection, doing: string, signal: AbortSignal | undefined): S3Client {
  const { client } = connection;
  const send = (command: Parameters<S3Client['send']>[0]): Promise<unknown> => {
    const until = command instanceof AbortMultipartUploadCommand ? undefined : signal;
    return connection.call(doing, until, (options) => client.send(command, options));
  };
  return { config: client.config, send } as unknown as S3Client;
}
