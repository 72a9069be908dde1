import type { GetObjectCommandOutput, _Object } from '@aws-sdk/client-s3';
import { StageError } from '@facelane/contracts';
import type { ObjectInfo, PutCondition } from '../../object-store.port.js';

/** What answers and listings say of an object. */
type Facts = Pick<GetObjectCommandOutput, 'ETag' | 'ContentLength' | 'LastModified' | 'ContentType'>;

export function infoOf(key: string, answer: Facts): ObjectInfo {
  return {
    key,
    etag: required(answer.ETag, key),
    size: required(answer.ContentLength, key),
    lastModified: required(answer.LastModified, key),
    ...(answer.ContentType === undefined ? {} : { contentType: answer.ContentType }),
  };
}

export function listedInfo(object: _Object): ObjectInfo {
  const key = required(object.Key, '(listing)');
  return infoOf(key, { ...object, ContentLength: object.Size, ContentType: undefined });
}

export function required<T>(value: T | undefined, key: string): T {
  if (value !== undefined) return value;
  throw new StageError('STORE.REJECTED', `The object store left out etag, size or date of ${key}.`);
}

export function conditionHeaders(condition: PutCondition | undefined): { IfNoneMatch?: string; IfMatch?: string } {
  switch (condition?.kind) {
    case undefined:
      return {};
    case 'absent':
      return { IfNoneMatch: '*' };
    case 'matches':
      return { IfMatch: condition.etag };
  }
}
