import { describe, expect, it } from 'vitest';
import type { PhotoInput } from '../schemas/photo.schema.js';
import { submittedUploadId } from './upload.ids.js';

const photo = (text: string): PhotoInput => ({ kind: 'bytes', bytes: Buffer.from(text) });

describe('the id of a submitted upload', () => {
  it('is the same for the same photo under the same key of a tenant, and another one for anything else', () => {
    const first = submittedUploadId('acme', photo('a'), 'key-1');
    expect(submittedUploadId('acme', photo('a'), 'key-1')).toBe(first);
    // A key that is used again when nobody remembers it: the first photo stays where it is.
    expect(submittedUploadId('acme', photo('b'), 'key-1')).not.toBe(first);
    expect(submittedUploadId('acme', photo('a'), 'key-2')).not.toBe(first);
    expect(submittedUploadId('other', photo('a'), 'key-1')).not.toBe(first);
  });

  it('is a new one each time without a key', () => {
    expect(submittedUploadId('acme', photo('a'), undefined)).not.toBe(submittedUploadId('acme', photo('a'), undefined));
  });
});
