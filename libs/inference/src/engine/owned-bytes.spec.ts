import { markAsUntransferable } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { ownedBytes } from './owned-bytes.js';

describe('bytes to be moved', () => {
  it('are the very ones when they fill their buffer', () => {
    const bytes = new Uint8Array(8);
    expect(ownedBytes(bytes).buffer).toBe(bytes.buffer);
  });

  it('are copied out of a larger or immovable buffer', () => {
    const pooled = Buffer.from('abc');
    expect([...ownedBytes(pooled)]).toEqual([...pooled]);
    expect(ownedBytes(pooled).buffer.byteLength).toBe(3);
    const fixed = new Uint8Array(8);
    markAsUntransferable(fixed.buffer);
    expect(ownedBytes(fixed).buffer).not.toBe(fixed.buffer);
  });
});
