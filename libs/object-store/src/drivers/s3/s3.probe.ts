import { randomUUID } from 'node:crypto';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { readFailure } from './s3.errors.js';
import type { S3Connection } from './s3.connection.js';

/** No object has it: it is the MD5 of nothing, and the probe object is never empty. */
const WRONG_ETAG = '"d41d8cd98f00b204e9800998ecf8427e"';

const WRITTEN = 200;
const REFUSED = 412;
/** How some servers answer a header they know of and do not implement. */
const UNKNOWN_HEADER = 501;

/**
 * Whether the store honours If-None-Match and If-Match on PUT, found out by writing. Servers that do not know the
 * headers ignore them and overwrite; nothing but trying tells.
 */
export async function probeConditionalPut(connection: S3Connection, bucket: string): Promise<boolean> {
  const object = { Bucket: bucket, Key: `facelane-probe/${randomUUID()}` };
  const put = async (condition: { IfNoneMatch?: string; IfMatch?: string }): Promise<number> =>
    connection.call(`probing s3://${bucket}`, undefined, async (options) => {
      const command = new PutObjectCommand({ ...object, Body: 'probe', ContentType: 'text/plain', ...condition });
      return connection.client.send(command, options).then(() => WRITTEN, statusOfRefusal);
    });

  await put({});
  try {
    return (await put({ IfNoneMatch: '*' })) === REFUSED && (await put({ IfMatch: WRONG_ETAG })) === REFUSED;
  } finally {
    await connection.call(`probing s3://${bucket}`, undefined, (options) =>
      connection.client.send(new DeleteObjectCommand(object), options),
    );
  }
}

function statusOfRefusal(error: unknown): number {
  const { status } = readFailure(error);
  if (status === REFUSED || status === UNKNOWN_HEADER) return status;
  throw error;
}
