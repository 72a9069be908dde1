import { join, resolve } from 'node:path';
import { defineConcern, missing, type Surroundings } from '../concern.js';
import { flag, oneOf, pattern, text, url } from '../kinds.js';
import { optional, variable, type Values } from '../variable.js';

export interface FsObjectStoreConfig {
  readonly driver: 'fs';
  readonly root: string;
  readonly bucket: string;
  readonly fsync: boolean;
}

export interface S3ObjectStoreConfig {
  readonly driver: 's3';
  readonly bucket: string;
  /** Absent: Amazon's own. */
  readonly endpoint?: string;
  readonly region?: string;
  readonly forcePathStyle?: boolean;
  /** Absent: the SDK's own chain (profile, instance or task role). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export type ObjectStoreConfig = FsObjectStoreConfig | S3ObjectStoreConfig;

/** The one bucket of the local driver. */
const LOCAL_BUCKET = 'facelane';
const BUCKET_EXAMPLE = 'photos';

const variables = {
  OBJECT_STORE_DRIVER: optional({
    kind: oneOf('fs', 's3'),
    meaning: 'Where objects are kept: a local folder or an S3 bucket.',
    example: 's3',
    defaultNote: 's3 when S3_ENDPOINT or S3_BUCKET is set, else fs',
  }),
  OBJECT_STORE_FS_ROOT: optional({
    kind: text('a folder'),
    meaning: 'Folder of the local driver.',
    example: '/srv/facelane/objects',
    defaultNote: '<DATA_DIR>/objects',
  }),
  OBJECT_STORE_FSYNC: variable({
    kind: flag(),
    meaning: 'Whether the local driver waits for the disk, so that objects survive a power cut.',
    example: 'true',
    fallback: 'false',
  }),
  S3_ENDPOINT: optional({
    kind: url('http', 'https'),
    meaning: 'Address of an S3-compatible server.',
    example: 'http://localhost:9000',
    defaultNote: "Amazon's own",
  }),
  S3_REGION: optional({
    kind: text('a region name'),
    meaning: 'Region of the bucket.',
    example: 'eu-central-1',
    defaultNote: 'us-east-1',
  }),
  S3_BUCKET: optional({
    kind: pattern(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, '3 to 63 lower-case letters, digits, dots and dashes'),
    meaning: 'The bucket; required with the s3 driver.',
    example: BUCKET_EXAMPLE,
  }),
  S3_ACCESS_KEY_ID: optional({
    kind: text(),
    meaning: 'Access key; without it the AWS SDK looks in its usual places.',
    example: 'AKIA…',
    secret: true,
  }),
  S3_SECRET_ACCESS_KEY: optional({
    kind: text(),
    meaning: 'Secret of the access key.',
    example: '…',
    secret: true,
  }),
  S3_FORCE_PATH_STYLE: optional({
    kind: flag(),
    meaning: 'Whether the bucket goes into the path rather than the host name.',
    example: 'true',
    defaultNote: 'true with S3_ENDPOINT',
  }),
};

export const objectStoreConcern = defineConcern({
  title: 'Object store',
  variables,
  build: (values, surroundings): ObjectStoreConfig | undefined => {
    const s3Given = values.S3_ENDPOINT !== undefined || values.S3_BUCKET !== undefined;
    switch (values.OBJECT_STORE_DRIVER ?? (s3Given ? 's3' : 'fs')) {
      case 'fs':
        return {
          driver: 'fs',
          root: resolve(values.OBJECT_STORE_FS_ROOT ?? join(surroundings.dataDir, 'objects')),
          bucket: LOCAL_BUCKET,
          fsync: values.OBJECT_STORE_FSYNC,
        };
      case 's3':
        return buildS3(values, surroundings);
    }
  },
});

function buildS3(values: Values<typeof variables>, { problem }: Surroundings): S3ObjectStoreConfig | undefined {
  const accessKeyId = values.S3_ACCESS_KEY_ID;
  const secretAccessKey = values.S3_SECRET_ACCESS_KEY;
  if (accessKeyId === undefined && secretAccessKey !== undefined) {
    problem(missing('S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY is set', 'AKIA…'));
  }
  if (accessKeyId !== undefined && secretAccessKey === undefined) {
    problem(missing('S3_SECRET_ACCESS_KEY', 'S3_ACCESS_KEY_ID is set', '…'));
  }
  if (values.S3_BUCKET === undefined) {
    problem(missing('S3_BUCKET', 'the s3 driver of the object store needs it', BUCKET_EXAMPLE));
    return undefined;
  }
  return {
    driver: 's3',
    bucket: values.S3_BUCKET,
    ...(values.S3_ENDPOINT !== undefined && { endpoint: values.S3_ENDPOINT }),
    ...(values.S3_REGION !== undefined && { region: values.S3_REGION }),
    ...(values.S3_FORCE_PATH_STYLE !== undefined && { forcePathStyle: values.S3_FORCE_PATH_STYLE }),
    ...(accessKeyId !== undefined &&
      secretAccessKey !== undefined && { credentials: { accessKeyId, secretAccessKey } }),
  };
}
