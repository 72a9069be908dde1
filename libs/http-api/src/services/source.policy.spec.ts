import { describe, expect, it } from 'vitest';
import { SourcePolicy } from './source.policy.js';

const policy = new SourcePolicy('facelane', [
  { bucket: 'everybodys', prefix: '' },
  { bucket: 'media', prefix: 'public/' },
  { tenant: 'acme', bucket: 'acme-media', prefix: 'uploads/' },
  { bucket: 'facelane', prefix: 'imports/' },
]);

const taken = (tenant: string, bucket: string, key: string): boolean => {
  try {
    const source = policy.sourceOf(tenant, { kind: 'object', bucket, key });
    expect(source).toEqual({ kind: 'object', bucket, key });
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'API.SOURCE_NOT_ALLOWED', status: 403 });
    return false;
  }
};

describe('objects that a caller may name', () => {
  it.each([
    ['an upload of his own', 'facelane', 'tenants/acme/uploads/6f1d0c1e'],
    ['those of a bucket for everybody', 'everybodys', 'any/key.jpg'],
    ['those below a prefix', 'media', 'public/a.jpg'],
    ["those of his tenant's bucket", 'acme-media', 'uploads/a.jpg'],
    ['those of our bucket that are nobodys, where the operator says so', 'facelane', 'imports/a.jpg'],
  ])('are %s', (_what, bucket, key) => {
    expect(taken('acme', bucket, key)).toBe(true);
  });

  it.each([
    ['an upload of another tenant', 'facelane', 'tenants/other/uploads/6f1d0c1e'],
    ['an upload of a tenant whose name begins alike', 'facelane', 'tenants/acme-2/uploads/6f1d0c1e'],
    ['a photo in the vault', 'facelane', 'tenants/acme/photos/aa/aabb'],
    ['a key document', 'facelane', 'tenants/acme/keys/0123456789abcdef.json'],
    ['everything of ours', 'facelane', 'tenants/'],
    ['a way out of the uploads', 'facelane', 'tenants/acme/uploads/../keys/0123456789abcdef.json'],
    ['a way to another tenant', 'facelane', 'tenants/acme/uploads/../../other/photos/aa/aabb'],
    ['a way that begins elsewhere', 'facelane', 'imports/../tenants/other/photos/aa/aabb'],
    ['a way that goes nowhere', 'facelane', 'tenants/acme/uploads/./a'],
    ['another key of ours', 'facelane', 'else/a.jpg'],
    ['ours with a slash before', 'facelane', '/tenants/acme/uploads/a'],
    ['above a prefix', 'media', 'private/a.jpg'],
    ['a way out of a prefix', 'media', 'public/../private/a.jpg'],
    ['a name like a prefix', 'media', 'publicity/a.jpg'],
    ['below a prefix of another bucket', 'acme-media', 'public/a.jpg'],
    ['a bucket that is not named', 'somebody-elses', 'a.jpg'],
    ['a bucket in other letters', 'MEDIA', 'public/a.jpg'],
    ['a bucket with a path', 'everybodys/../facelane', 'a.jpg'],
  ])('are not %s', (_what, bucket, key) => {
    expect(taken('acme', bucket, key)).toBe(false);
  });

  it('are those of one tenant for nobody else', () => {
    expect(taken('other', 'acme-media', 'uploads/a.jpg')).toBe(false);
    expect(taken('other', 'facelane', 'tenants/acme/uploads/6f1d0c1e')).toBe(false);
  });

  it('may have dots in their names', () => {
    expect(taken('acme', 'media', 'public/..a/...jpg')).toBe(true);
  });

  it('do not hold for our own tenants folder, even when the operator names our whole bucket', () => {
    const open = new SourcePolicy('facelane', [{ bucket: 'facelane', prefix: '' }]);
    const photo = { kind: 'object', bucket: 'facelane', key: 'tenants/other/uploads/a' } as const;
    expect(() => open.sourceOf('acme', photo)).toThrow(expect.objectContaining({ status: 403 }) as Error);
    expect(open.sourceOf('acme', { ...photo, key: 'holiday/a.jpg' })).toMatchObject({ key: 'holiday/a.jpg' });
  });

  it('are told nothing of: what is there and what is not is refused alike', () => {
    const refusal = (key: string): unknown => {
      try {
        return policy.sourceOf('acme', { kind: 'object', bucket: 'facelane', key });
      } catch (error) {
        return error;
      }
    };
    expect(refusal('tenants/other/uploads/there')).toEqual(refusal('tenants/other/uploads/not'));
  });

  it('are none of its business when they are URLs: who fetches them judges their addresses', () => {
    const url = 'https://example.com/a.jpg';
    expect(policy.sourceOf('acme', { kind: 'url', url })).toEqual({ kind: 'url', url });
  });
});

describe('prefixes that a caller may name', () => {
  const taken = (bucket: string, prefix: string): boolean => {
    try {
      policy.requirePrefix('acme', bucket, prefix);
      return true;
    } catch (error) {
      expect(error).toMatchObject({ code: 'API.SOURCE_NOT_ALLOWED', status: 403 });
      return false;
    }
  };
  const open = new SourcePolicy('facelane', [{ bucket: 'facelane', prefix: '' }]);

  it.each([
    ['everybodys', ''],
    ['media', 'public/2026/'],
    ['facelane', 'imports/'],
    ['facelane', 'tenants/acme/uploads/'],
  ])('are s3://%s/%s', (bucket, prefix) => expect(taken(bucket, prefix)).toBe(true));

  it.each([
    ['media', ''],
    ['media', 'pub'],
    ['facelane', ''],
    ['facelane', 'tenants/acme/'],
    ['facelane', 'tenants/other/uploads/'],
    ['elsewhere', ''],
  ])('are not s3://%s/%s', (bucket, prefix) => expect(taken(bucket, prefix)).toBe(false));

  it.each(['', 't', 'tenants', 'tenants/'])(
    'are none that hold the documents, even where the operator allows all: "%s"',
    (prefix) => {
      expect(() => open.requirePrefix('acme', 'facelane', prefix)).toThrow();
      open.requirePrefix('acme', 'facelane', 'imports/');
    },
  );
});
