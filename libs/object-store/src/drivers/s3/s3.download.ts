import { GetObjectCommand, type GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { StageError } from '@facelane/contracts';
import { ObjectBody, type ByteSource } from '../../object-body.js';
import { assertSize } from '../../object-size.js';
import type { ObjectInfo, OpenedObject, OpenOptions } from '../../object-store.port.js';
import { AnswerSource, discardBody } from './s3.body.js';
import type { S3Connection } from './s3.connection.js';
import { readFailure } from './s3.errors.js';
import { infoOf } from './s3.facts.js';

interface ObjectName {
  readonly Bucket: string;
  readonly Key: string;
}

interface Answer {
  readonly info: ObjectInfo;
  readonly source: ByteSource;
}

const NO_BYTES: ByteSource = { read: () => Promise.resolve(undefined), close: () => undefined };

/** Reads an object piece by piece, from `start`; see the port. */
export async function openBody(
  connection: S3Connection,
  object: ObjectName,
  { start = 0, maxBytes = Infinity, signal }: OpenOptions,
): Promise<OpenedObject> {
  const { info, source } = await request(connection, object, { start, signal });
  try {
    assertSize(info, maxBytes);
  } catch (error) {
    source.close();
    throw error;
  }
  const reopen = async (offset: number): Promise<ByteSource> =>
    (await request(connection, object, { start: offset, signal, etag: info.etag })).source;
  const { key, size } = info;
  return {
    info,
    body: new ObjectBody(source, { key, size, start, signal, idleMs: connection.callTimeoutMs, reopen }),
  };
}

interface Part {
  readonly start: number;
  readonly signal: AbortSignal | undefined;
  /** Set: only of this very object. */
  readonly etag?: string;
}

async function request(connection: S3Connection, object: ObjectName, part: Part): Promise<Answer> {
  const doing = `reading s3://${object.Bucket}/${object.Key}`;
  return connection.call(doing, part.signal, async (options) => {
    const command = new GetObjectCommand({
      ...object,
      // Of an object without bytes no range can be had, not even the whole.
      ...(part.start > 0 && { Range: `bytes=${part.start}-` }),
      ...(part.etag !== undefined && { IfMatch: part.etag }),
    });
    try {
      const answer = await connection.client.send(command, options);
      return answerOf(answer, doing, object, part, connection.callTimeoutMs);
    } catch (error) {
      const { status } = readFailure(error);
      if (status === 416) return request(connection, object, { ...part, start: 0 }).then(withoutBytes);
      if (part.etag !== undefined && (status === 412 || status === 404)) throw changed(doing);
      throw error;
    }
  });
}

function answerOf(
  answer: GetObjectCommandOutput,
  doing: string,
  object: ObjectName,
  part: Part,
  timeoutMs: number,
): Answer {
  try {
    const whole = part.start === 0 ? answer : { ...answer, ContentLength: wholeSize(answer.ContentRange, part.start) };
    const info = infoOf(object.Key, whole);
    if (part.etag !== undefined && info.etag !== part.etag) throw changed(doing);
    return { info, source: new AnswerSource(answer.Body, doing, timeoutMs) };
  } catch (error) {
    discardBody(answer.Body);
    throw error;
  }
}

/** From `bytes 100-199/5000`, which a server that did not heed the range leaves out. */
function wholeSize(range: string | undefined, start: number): number {
  const [, first, size] = /^bytes (\d+)-\d+\/(\d+)$/.exec(range ?? '') ?? [];
  if (Number(first) === start) return Number(size);
  throw new StageError('STORE.UNAVAILABLE', `The object store was asked for bytes from ${start} on and sent others.`);
}

function withoutBytes({ info, source }: Answer): Answer {
  source.close();
  return { info, source: NO_BYTES };
}

function changed(doing: string): StageError {
  return new StageError('STORE.CHANGED', `The object was replaced or deleted in the middle of ${doing}.`);
}
