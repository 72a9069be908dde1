import { z } from 'zod';

/** Where a photo comes from: an object of a bucket, a file on this machine (standalone only), or a web address. */
export const sourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('object'), bucket: z.string().min(3).max(63), key: z.string().min(1).max(1024) }),
  z.strictObject({ kind: z.literal('file'), path: z.string().min(1).max(4096) }),
  z.strictObject({ kind: z.literal('url'), url: z.url({ protocol: /^https?$/ }).max(2048) }),
]);

export type Source = z.output<typeof sourceSchema>;

/**
 * Canonical text of a source, e.g. `s3://bucket/key` or `file:///photos/1.jpg`; ids derive from it. A URL is its own
 * text: one that is signed anew each time names another asset each time.
 */
export function sourceText(source: Source): string {
  switch (source.kind) {
    case 'object':
      return `s3://${source.bucket}/${source.key}`;
    case 'file':
      return `file://${source.path}`;
    case 'url':
      return source.url;
  }
}

/** What messages call the photo: as its owner would type it, e.g. `s3://bucket/key` or `/photos/1.jpg`. */
export function sourceName(source: Source): string {
  switch (source.kind) {
    case 'object':
      return sourceText(source);
    case 'file':
      return source.path;
    case 'url':
      return urlName(source.url);
  }
}

/** A URL as messages and logs may show it: without user, password, query and fragment, all of which may be secrets. */
export function urlName(url: string): string {
  if (!URL.canParse(url)) return 'a URL that cannot be read';
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
