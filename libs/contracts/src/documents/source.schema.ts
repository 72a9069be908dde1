import { z } from 'zod';

/** Where a photo comes from: an object of a bucket, or a file on this machine (standalone only). */
export const sourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('object'), bucket: z.string().min(3).max(63), key: z.string().min(1).max(1024) }),
  z.strictObject({ kind: z.literal('file'), path: z.string().min(1).max(4096) }),
]);

export type Source = z.output<typeof sourceSchema>;

/** Canonical text of a source, e.g. `s3://bucket/key` or `file:///photos/1.jpg`; ids derive from it. */
export function sourceText(source: Source): string {
  switch (source.kind) {
    case 'object':
      return `s3://${source.bucket}/${source.key}`;
    case 'file':
      return `file://${source.path}`;
  }
}

/** What messages call the photo: as its owner would type it, e.g. `s3://bucket/key` or `/photos/1.jpg`. */
export function sourceName(source: Source): string {
  return source.kind === 'file' ? source.path : sourceText(source);
}
