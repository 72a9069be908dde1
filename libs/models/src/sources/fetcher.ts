import type { ModelFile, ModelManifest } from '../manifest.schema.js';

export interface FetchRequest {
  /** Files of one origin: the same tarball, or a single file. */
  readonly files: readonly ModelFile[];
  readonly manifest: ModelManifest;
  /** Empty folder to write to, and to leave anything else in. */
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
  /** Bytes of one file so far. */
  readonly onBytes: (file: ModelFile, receivedBytes: number) => void;
}

/** Brings files into the folder; returns the path of each by id. Does not check digests: the caller does. */
export type Fetcher = (request: FetchRequest) => Promise<ReadonlyMap<string, string>>;

/** The network or the server failed in a way that another try may mend. */
export class TransientFetchError extends Error {
  override readonly name = 'TransientFetchError';
}
