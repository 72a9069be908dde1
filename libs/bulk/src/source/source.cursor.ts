import { StageError } from '@facelane/contracts';

/** A place between two lines of a manifest. */
export interface ManifestPlace {
  /** Number of the next line. */
  readonly line: number;
  /** Its first byte, counted in the text: of a gzip manifest, after decompressing. */
  readonly offset: number;
}

/** A place between two objects of a listing. */
export interface PrefixPlace {
  /** Photos that were listed. */
  readonly line: number;
  /** The last of them. */
  readonly key: string;
}

/** The etag tells that it is still the same manifest, in which the offset means something. */
export function manifestCursor({ line, offset }: ManifestPlace, etag: string): string {
  return `manifest ${line} ${offset} ${etag}`;
}

/** @throws StageError BULK.CURSOR_INVALID */
export function parseManifestCursor(cursor: string): { readonly place: ManifestPlace; readonly etag: string } {
  const [, line, offset, etag] = /^manifest (\d+) (\d+) (.*)$/s.exec(cursor) ?? refuse(cursor);
  return { place: { line: Number(line), offset: Number(offset) }, etag: etag ?? '' };
}

export function prefixCursor({ line, key }: PrefixPlace): string {
  return `prefix ${line} ${key}`;
}

/** @throws StageError BULK.CURSOR_INVALID */
export function parsePrefixCursor(cursor: string): PrefixPlace {
  const [, line, key] = /^prefix (\d+) (.+)$/s.exec(cursor) ?? refuse(cursor);
  return { line: Number(line), key: key ?? '' };
}

function refuse(cursor: string): never {
  throw new StageError(
    'BULK.CURSOR_INVALID',
    `The cursor ${JSON.stringify(cursor.slice(0, 60))} is none of this source.`,
  );
}
