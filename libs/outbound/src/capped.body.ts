import { StageError } from '@facelane/contracts';

export interface Cap {
  readonly maxBytes: number;
  /** What the message calls the body. */
  readonly subject: string;
}

/**
 * Reads a body of at most `maxBytes`. Leaving early destroys the stream, and with it the connection: the rest of an
 * endless body is never received.
 *
 * @param announced The content-length header, which may be absent or a lie.
 * @throws StageError INGEST.TOO_LARGE
 */
export async function readCapped(
  body: AsyncIterable<Uint8Array>,
  announced: string | undefined,
  { maxBytes, subject }: Cap,
): Promise<Uint8Array> {
  if (Number(announced ?? 0) > maxBytes) throw tooLarge(`${subject} has ${Number(announced)} bytes`, maxBytes);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw tooLarge(`${subject} has more bytes than allowed`, maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

function tooLarge(what: string, limit: number): StageError {
  return new StageError('INGEST.TOO_LARGE', `${what}; the limit is ${limit}.`, { safeDetails: { limit } });
}
