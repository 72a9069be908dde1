import { describe, expect, it } from 'vitest';
import { type TagRequest, placeTags } from './tag-layout.js';

const frame = { width: 1000, height: 600 };
const sizes = [
  { width: 160, height: 30 },
  { width: 30, height: 30 },
] as const;
const request = (x: number, y: number, side = 60): TagRequest => ({ box: { x, y, width: side, height: side }, sizes });

describe('placeTags', () => {
  it('prefers the place above the face', () => {
    expect(placeTags(frame, [request(200, 200)], 4)).toEqual([
      { box: { x: 200, y: 166, width: 160, height: 30 }, form: 0 },
    ]);
  });

  it('keeps every tag inside the frame', () => {
    const corners = [request(-40, -40), request(980, -40), request(-40, 580), request(980, 580)];
    for (const { box } of placeTags(frame, corners, 4)) {
      expect(box.x >= 0 && box.y >= 0 && box.x + box.width <= 1000 && box.y + box.height <= 600).toBe(true);
    }
  });

  it('moves a tag away from one that is there already', () => {
    const [first, second] = placeTags(frame, [request(200, 200), request(230, 205)], 4);
    expect(first!.form).toBe(0);
    expect(second!.form).toBe(0);
    expect(second!.box.y >= first!.box.y + 30 || second!.box.x >= first!.box.x + 160).toBe(true);
  });

  it('falls back to the number where names would cover each other', () => {
    const crowd = Array.from({ length: 60 }, (_, i) => request((i % 12) * 40 + 100, Math.floor(i / 12) * 44 + 100, 36));
    const placed = placeTags(frame, crowd, 2);
    expect(placed.some(({ form }) => form === 1)).toBe(true);
    expect(placed.some(({ form }) => form === 0)).toBe(true);
  });
});
