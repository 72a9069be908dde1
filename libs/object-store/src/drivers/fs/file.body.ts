import type { FileHandle } from 'node:fs/promises';
import { StageError } from '@facelane/contracts';
import { ObjectBody, type ByteSource } from '../../object-body.js';
import { assertSize } from '../../object-size.js';
import type { OpenedObject, OpenOptions } from '../../object-store.port.js';
import { fileFailure } from './fs.errors.js';
import { openFile } from './object.file.js';

/** Bytes of one read. */
const PIECE = 256 * 1024;
const IDLE_MS = 60_000;

/** The object in a file, piece by piece, without what stands behind its body; undefined when there is no file. */
export async function openBody(
  path: string,
  key: string,
  { start = 0, maxBytes = Infinity, signal }: OpenOptions,
): Promise<OpenedObject | undefined> {
  const opened = await openFile(path, key);
  if (opened === undefined) return undefined;
  const { file, info } = opened;
  const source = new FileSource(file, key, start, info.size);
  try {
    assertSize(info, maxBytes);
    signal?.throwIfAborted();
  } catch (error) {
    source.close();
    throw error;
  }
  const reopen = async (offset: number): Promise<ByteSource> => {
    const again = await openFile(path, key);
    if (again?.info.etag === info.etag) return new FileSource(again.file, key, offset, info.size);
    await again?.file.close();
    throw new StageError('STORE.CHANGED', `The object ${key} was replaced or deleted while it was read.`);
  };
  return { info, body: new ObjectBody(source, { key, size: info.size, start, signal, idleMs: IDLE_MS, reopen }) };
}

class FileSource implements ByteSource {
  constructor(
    private readonly file: FileHandle,
    private readonly key: string,
    private position: number,
    private readonly end: number,
  ) {}

  async read(): Promise<Uint8Array | undefined> {
    const length = Math.min(PIECE, this.end - this.position);
    if (length <= 0) return undefined;
    try {
      const { buffer, bytesRead } = await this.file.read(Buffer.allocUnsafeSlow(length), 0, length, this.position);
      this.position += bytesRead;
      return bytesRead === 0 ? undefined : buffer.subarray(0, bytesRead);
    } catch (error) {
      throw fileFailure(error, `reading ${this.key}`);
    }
  }

  close(): void {
    // Waits for a read that is under way; nothing was written that closing could lose.
    void this.file.close().catch(() => undefined);
  }
}
