import type { PhotoSource } from './generated/types.gen.js';

/**
 * The bytes of a photo: a Blob or File, an array of bytes (a Buffer is one), or a stream of them. A stream is read
 * into memory, since a request that is sent again needs its body again.
 */
export type PhotoBytes = Blob | Uint8Array | ArrayBuffer | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** A photo: its bytes, or where the API finds it (an object of a bucket, a URL, or base64 text). */
export type PhotoInput = PhotoBytes | PhotoSource;

export function isPhotoBytes(photo: PhotoInput): photo is PhotoBytes {
  return (
    photo instanceof Blob ||
    photo instanceof ArrayBuffer ||
    ArrayBuffer.isView(photo) ||
    Symbol.asyncIterator in photo ||
    'getReader' in photo
  );
}

/** All of the bytes, as what a form takes. */
export async function toBlob(photo: PhotoBytes): Promise<Blob> {
  if (photo instanceof Blob) return photo;
  if (photo instanceof ArrayBuffer || ArrayBuffer.isView(photo)) return blobOf([photo]);
  const chunks: Uint8Array[] = [];
  for await (const chunk of Symbol.asyncIterator in photo ? photo : readerOf(photo)) chunks.push(chunk);
  return blobOf(chunks);
}

/** Blob's type asks for memory that is not shared with another thread; where it is, Blob copies it all the same. */
const blobOf = (parts: readonly (ArrayBuffer | Uint8Array)[]): Blob => new Blob(parts as Uint8Array<ArrayBuffer>[]);

/** Not every browser lets a stream be iterated. */
async function* readerOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    reader.releaseLock();
  }
}
