/** A stream of bytes that can be ended early, as undici's are. */
export interface EndableBody extends AsyncIterable<Uint8Array> {
  destroy(): unknown;
}

/**
 * What a body begins with, as text: at most so many bytes, and what came within so many milliseconds. Never throws: a
 * body that breaks off has begun nevertheless. Of a longer one the rest is never received.
 */
export async function firstText(body: EndableBody, { bytes, ms }: { bytes: number; ms: number }): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const timer = setTimeout(() => body.destroy(), ms);
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      length += chunk.byteLength;
      if (length > bytes) break;
    }
  } catch {
    // What came is what there is.
  } finally {
    clearTimeout(timer);
    body.destroy();
  }
  // A character that was cut would end as a replacement character.
  return Buffer.concat(chunks, Math.min(length, bytes))
    .toString('utf8')
    .replace(/\uFFFD$/, '');
}
