import type { ErrorCode, Source } from '@facelane/contracts';
import type { ObjectStore } from '@facelane/object-store';

/** A photo as a bulk job names it. */
export interface BulkPhoto {
  readonly source: Source;
  /** As messages and results call it: `s3://bucket/key`, or a URL without what may be secret in it. */
  readonly name: string;
  readonly externalId?: string;
  readonly tags?: readonly string[];
}

/** Why a line is no item. */
export interface BrokenLine {
  readonly code: ErrorCode;
  readonly message: string;
  /** What the line says, or its start: at most 256 characters. */
  readonly text: string;
}

export type LineContent = { readonly item: BulkPhoto } | { readonly broken: BrokenLine };

interface Place {
  /** 1-based: the line of a manifest as an editor numbers it, or the place in a listing. */
  readonly line: number;
  /** Opaque, at most 1100 characters: reading from it goes on with what followed this item. */
  readonly cursor: string;
}

export type SourceItem = Place & LineContent;

/** What the readers of sources need. */
export interface SourceStores {
  /** Of any bucket: the source's own is taken from it. */
  readonly store: ObjectStore;
  /** Whether the items of this job may name the object. */
  readonly mayRead: (bucket: string, key: string) => boolean;
  readonly signal?: AbortSignal;
}

/** Characters of a broken line that are shown. */
const SHOWN = 256;

export function broken(code: ErrorCode, message: string, text: string): { readonly broken: BrokenLine } {
  return { broken: { code, message, text: text.slice(0, SHOWN) } };
}
