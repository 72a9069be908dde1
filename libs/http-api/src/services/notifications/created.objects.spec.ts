import { expect, it } from 'vitest';
import { createdPhotos } from './created.objects.js';

const record = (eventName: string, key: string, bucket = 'media'): unknown => ({
  ...{ eventVersion: '2.1', eventSource: 'aws:s3', eventName, awsRegion: 'eu-central-1' },
  s3: { s3SchemaVersion: '1.0', bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` }, object: { key, size: 1 } },
});

it('takes photos that were written, in the forms of Amazon and MinIO, with keys as they are', () => {
  const minio = {
    ...{ EventName: 's3:ObjectCreated:Put', Key: 'media/a.jpg' },
    Records: [record('s3:ObjectCreated:Put', 'in/a.jpg')],
  };
  expect(createdPhotos(minio)).toEqual({ photos: [{ bucket: 'media', key: 'in/a.jpg' }], passedOver: 0 });
  const aws = [
    record('ObjectCreated:CompleteMultipartUpload', 'a+b%2Bc%C3%A9%20d.JPG'),
    record('ObjectCreated:Copy', 'x%2Fy.webp', 'other'),
  ];
  expect(createdPhotos({ Records: aws })).toEqual({
    photos: [
      { bucket: 'media', key: 'a b+cé d.JPG' },
      { bucket: 'other', key: 'x/y.webp' },
    ],
    passedOver: 0,
  });
});

it.each([
  ['was removed', record('ObjectRemoved:Delete', 'a.jpg')],
  ['was read', record('s3:ObjectAccessed:Get', 'a.jpg')],
  ['is no photo by its name', record('ObjectCreated:Put', 'a.txt')],
  ['has a key that cannot be read', record('ObjectCreated:Put', '%E0%A4%A.jpg')],
  ['is none', { hello: 'world' }],
  ['is nothing', null],
])('passes over what %s', (_what, one) => {
  expect(createdPhotos({ Records: [one] })).toEqual({ photos: [], passedOver: 1 });
});

it('has nothing to do for an event that tries the way', () => {
  expect(createdPhotos({})).toEqual({ photos: [], passedOver: 0 });
});
