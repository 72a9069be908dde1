import { readFile, realpath, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { sourceName, type Source, StageError } from '@facelane/contracts';
import { ObjectStore } from '@facelane/object-store';
import type { GuardedFetcher } from '@facelane/outbound';

export interface SourceReaderOptions {
  /** Folders below which file sources may be read; none by default, because a job could name any file. */
  readonly fileRoots: readonly string[];
  /** Larger photos are refused before they are read. */
  readonly maxBytes: number;
}

/** Fetches the bytes of a photo from wherever its source says, within the limits. */
export class SourceReader {
  private realRoots: Promise<string[]> | undefined;

  constructor(
    private readonly store: ObjectStore,
    private readonly web: Pick<GuardedFetcher, 'fetch'>,
    private readonly options: SourceReaderOptions,
  ) {}

  /**
   * @throws StageError INGEST.SOURCE_MISSING, SOURCE_DENIED, SOURCE_NOT_ALLOWED, URL_NOT_ALLOWED, URL_UNREACHABLE or
   * TOO_LARGE, naming the source.
   */
  async read(source: Source, signal: AbortSignal): Promise<Uint8Array> {
    switch (source.kind) {
      case 'object':
        return this.readObject(source, signal);
      case 'file':
        return this.readFile(source, signal);
      case 'url':
        return this.web.fetch(source.url, { signal, maxBytes: this.options.maxBytes });
    }
  }

  /** Looked up once: the roots belong to the configuration, and a photo is not worth asking again. */
  private roots(): Promise<string[]> {
    this.realRoots ??= Promise.all(
      this.options.fileRoots.map(async (path) => {
        const root = await realpath(path).catch(() => path);
        return root.endsWith(sep) ? root : root + sep;
      }),
    );
    return this.realRoots;
  }

  private async readObject(source: Extract<Source, { kind: 'object' }>, signal: AbortSignal): Promise<Uint8Array> {
    try {
      const store = source.bucket === this.store.bucket ? this.store : this.store.forBucket(source.bucket);
      const { body } = await store.get(source.key, { signal, maxBytes: this.options.maxBytes });
      return body;
    } catch (error) {
      throw error instanceof StageError ? asSourceError(error, source) : error;
    }
  }

  private async readFile(source: Extract<Source, { kind: 'file' }>, signal: AbortSignal): Promise<Uint8Array> {
    try {
      // Real paths on both sides: a symbolic link must not lead out of the allowed folders.
      const path = await realpath(source.path);
      if (!(await this.roots()).some((root) => path.startsWith(root))) {
        throw new StageError('INGEST.SOURCE_NOT_ALLOWED', `${source.path} lies outside the folders that may be read.`);
      }
      const { size, ...kind } = await kindOf(path);
      // A pipe or a device has no end.
      if (!kind.isFile)
        throw new StageError('INGEST.NOT_AN_IMAGE', `${sourceName(source)} is ${kind.name}, not a photo.`);
      if (size > this.options.maxBytes) throw tooLarge(source, size, this.options.maxBytes);
      return await readFile(path, { signal });
    } catch (error) {
      throw fileError(error, source);
    }
  }
}

/** The store speaks of keys of ours; here the same failure is about somebody's photo. */
function asSourceError(error: StageError, source: Source): StageError {
  const options = { safeDetails: error.safeDetails, cause: error };
  switch (error.code) {
    case 'STORE.MISSING':
    case 'STORE.BUCKET_MISSING':
      return new StageError('INGEST.SOURCE_MISSING', `${sourceName(source)} does not exist.`, options);
    case 'STORE.DENIED':
      return new StageError('INGEST.SOURCE_DENIED', `${sourceName(source)} may not be read.`, options);
    default:
      return error;
  }
}

function fileError(error: unknown, source: Source): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENAMETOOLONG':
    case 'ELOOP':
    case 'ERR_INVALID_ARG_VALUE': // A path with a zero byte.
      return new StageError('INGEST.SOURCE_MISSING', `${sourceName(source)} does not exist.`, { cause: error });
    case 'EACCES':
    case 'EPERM':
      return new StageError('INGEST.SOURCE_DENIED', `${sourceName(source)} may not be read.`, { cause: error });
    default:
      return error;
  }
}

async function kindOf(path: string): Promise<{ size: number; isFile: boolean; name: string }> {
  const found = await stat(path);
  return { size: found.size, isFile: found.isFile(), name: found.isDirectory() ? 'a folder' : 'no regular file' };
}

function tooLarge(source: Source, bytes: number, limit: number): StageError {
  return new StageError('INGEST.TOO_LARGE', `${sourceName(source)} has ${bytes} bytes; the limit is ${limit}.`, {
    safeDetails: { bytes, limit },
  });
}
