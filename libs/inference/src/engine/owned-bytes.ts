import { isMarkedAsUntransferable } from 'node:worker_threads';

/**
 * The bytes in a buffer that can be moved to another thread: the very ones when they fill their buffer alone, else a
 * copy. Buffers that native code owns (what an image decoder returns, say) and pooled Buffers cannot be moved.
 */
export function ownedBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes;
  const whole = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength && !isMarkedAsUntransferable(buffer);
  return whole ? new Uint8Array(buffer) : new Uint8Array(bytes);
}
