import { describe, expect, it } from 'vitest';
import { decodeContainer, encodeContainer } from './container.js';
import { CROP_BYTES, decodeCrops, decodeEmbeddings, encodeCrops, encodeEmbeddings } from './derived.schema.js';
import type { DetectedFace } from './face.schema.js';

const point = { x: 1, y: 2 };
const face = (index: number): DetectedFace => ({
  index,
  box: { x: -1.5, y: 2, width: 30, height: 40 },
  landmarks: [point, point, point, point, point],
  score: 0.9,
  quality: {
    minSide: 30,
    interEye: 12,
    sharpness: 80,
    brightness: 120,
    contrast: 40,
    yaw: 1,
    pitch: 2,
    roll: 3,
    cut: true,
  },
});
const header = {
  version: 1 as const,
  contract: 'test-1',
  sha256: '0'.repeat(64),
  assetId: '6f1d0c1e-4b7a-5d0e-9a51-c3f2d8e7b604',
  collection: 'main',
  faces: [face(0), face(1)],
  droppedFaces: 0,
};

describe('container', () => {
  it('returns header and payload as they were, at any length', () => {
    for (let length = 0; length < 20; length += 1) {
      const payload = Uint8Array.from({ length }, (_, i) => i);
      const decoded = decodeContainer(encodeContainer({ name: 'é'.repeat(length) }, payload));
      expect(decoded).toEqual({ header: { name: 'é'.repeat(length) }, payload });
    }
  });

  it('refuses foreign and cut bytes', () => {
    expect(() => decodeContainer(new Uint8Array(3))).toThrow('not a Facelane container');
    expect(() => decodeContainer(new TextEncoder().encode('{"json": true}'))).toThrow('not a Facelane container');
    expect(() => decodeContainer(encodeContainer({ a: 1 }, new Uint8Array(8)).subarray(0, 12))).toThrow('cut short');
  });
});

describe('crops and embeddings', () => {
  it('round-trips crops', () => {
    const crops = new Uint8Array(2 * CROP_BYTES).fill(7);
    expect(decodeCrops(encodeCrops({ ...header, kind: 'crops' as const }, crops))).toEqual({
      header: { ...header, kind: 'crops' as const },
      crops,
    });
  });

  it('round-trips one vector per face, whatever the buffer alignment it is read from', () => {
    const vectors = Float32Array.from([0.6, 0.8, 1, 0]);
    const bytes = encodeEmbeddings({ ...header, kind: 'embeddings' as const, dimension: 2 }, vectors);
    const shifted = new Uint8Array(bytes.byteLength + 1);
    shifted.set(bytes, 1);
    expect(decodeEmbeddings(shifted.subarray(1)).vectors.map((v) => [...v])).toEqual([
      [Math.fround(0.6), Math.fround(0.8)],
      [1, 0],
    ]);
  });

  it('refuses a payload that does not fit the faces', () => {
    expect(() => encodeCrops({ ...header, kind: 'crops' as const }, new Uint8Array(5))).toThrow(
      'hold 5 values where 75264',
    );
    const bytes = encodeEmbeddings({ ...header, kind: 'embeddings' as const, dimension: 2 }, new Float32Array(4));
    expect(() => decodeEmbeddings(bytes.subarray(0, bytes.byteLength - 4))).toThrow('where 16 are expected');
  });
});
