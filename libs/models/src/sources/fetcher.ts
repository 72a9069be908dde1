/** What is brought from somewhere: a model file, or an ingredient of one that is built. */
export interface WantedFile {
  /** For messages, and as a file name. */
  readonly id: string;
  readonly source: string;
  readonly sha256: string;
  readonly bytes: number;
}

export interface FetchRequest {
  /** Files of one origin, each source once: parts of one tarball, or a single file. */
  readonly files: readonly WantedFile[];
  /** Where relative `file:` sources start. */
  readonly directory: string;
  /** Empty folder to write to, and to leave anything else in. */
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
  /** Bytes of one file so far. */
  readonly onBytes: (file: WantedFile, receivedBytes: number) => void;
}

/** Brings files into the folder; returns the path of each by source. Does not check digests: the caller does. */
export type Fetcher = (request: FetchRequest) => Promise<ReadonlyMap<string, string>>;

/** The network or the server failed in a way that another try may mend. */
export class TransientFetchError extends Error {
  override readonly name = 'TransientFetchError';
}
