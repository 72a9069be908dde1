import type { PixelBox, PixelImage } from '../image.js';

/** Red, green, blue, 0..255. */
export type Colour = readonly [number, number, number];

/** Coverage of glyphs, 0..255, one byte per pixel. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export interface Stroke {
  readonly colour: Colour;
  /** Pixels. */
  readonly width: number;
  /** Corner radius, pixels. */
  readonly radius: number;
  /** 0..1. Default 1. */
  readonly opacity?: number;
  /** Length of a dash and of the gap after it, pixels. Default: one solid line. */
  readonly dash?: number;
}

/** Draws into the pixels in place. What lies outside the picture is left out. */
export function strokeBox(image: PixelImage, box: PixelBox, stroke: Stroke): void {
  const reach = stroke.width / 2 + 1;
  const inner = shrink(box, Math.max(reach, stroke.radius));
  const distance = roundedDistance(box, stroke.radius);
  forPixels(image, shrink(box, -reach), (x, y) => {
    // The middle of a large box is most of its pixels and holds no line.
    if (y > inner.y && y < inner.y + inner.height && x > inner.x && x < inner.x + inner.width) return 0;
    if (stroke.dash !== undefined && isGap(box, x, y, stroke.dash)) return 0;
    return clamp(stroke.width / 2 + 0.5 - Math.abs(distance(x + 0.5, y + 0.5))) * (stroke.opacity ?? 1);
  })(stroke.colour);
}

/** A filled rectangle with round corners. */
export function fillBox(image: PixelImage, box: PixelBox, radius: number, colour: Colour, opacity = 1): void {
  const distance = roundedDistance(box, radius);
  forPixels(image, box, (x, y) => clamp(0.5 - distance(x + 0.5, y + 0.5)) * opacity)(colour);
}

/** Glyphs in one colour, their top left corner at (x, y). */
export function paintMask(image: PixelImage, mask: Mask, x: number, y: number, colour: Colour): void {
  const [left, top] = [Math.round(x), Math.round(y)];
  const box = { x: left, y: top, width: mask.width, height: mask.height };
  forPixels(image, box, (px, py) => (mask.data[(py - top) * mask.width + px - left] ?? 0) / 255)(colour);
}

/** Blends a colour over every pixel of the box by its coverage, 0..1. */
function forPixels(image: PixelImage, box: PixelBox, coverage: (x: number, y: number) => number) {
  return (colour: Colour): void => {
    const right = Math.min(image.width, Math.ceil(box.x + box.width));
    const bottom = Math.min(image.height, Math.ceil(box.y + box.height));
    for (let y = Math.max(0, Math.floor(box.y)); y < bottom; y += 1) {
      for (let x = Math.max(0, Math.floor(box.x)); x < right; x += 1) {
        const share = coverage(x, y);
        if (share > 0) blend(image, (y * image.width + x) * 3, colour, share);
      }
    }
  };
}

function blend({ data }: PixelImage, at: number, colour: Colour, share: number): void {
  for (let channel = 0; channel < 3; channel += 1) {
    const below = data[at + channel]!;
    data[at + channel] = Math.round(below + (colour[channel]! - below) * share);
  }
}

/** Signed distance to a rounded rectangle's edge, pixels, negative inside (I. Quilez, "2D distance functions"). */
function roundedDistance(box: PixelBox, radius: number): (x: number, y: number) => number {
  const half = { x: box.width / 2, y: box.height / 2 };
  const centre = { x: box.x + half.x, y: box.y + half.y };
  const round = Math.min(radius, half.x, half.y);
  return (x, y) => {
    const qx = Math.abs(x - centre.x) - half.x + round;
    const qy = Math.abs(y - centre.y) - half.y + round;
    return Math.hypot(Math.max(qx, 0), Math.max(qy, 0)) + Math.min(Math.max(qx, qy), 0) - round;
  };
}

/** Dashes run along the nearer edge. */
function isGap(box: PixelBox, x: number, y: number, dash: number): boolean {
  const toSide = Math.min(Math.abs(x - box.x), Math.abs(x - box.x - box.width));
  const toTop = Math.min(Math.abs(y - box.y), Math.abs(y - box.y - box.height));
  const along = toTop < toSide ? x - box.x : y - box.y;
  return Math.floor(along / dash) % 2 !== 0;
}

const shrink = (box: PixelBox, by: number): PixelBox => ({
  x: box.x + by,
  y: box.y + by,
  width: box.width - 2 * by,
  height: box.height - 2 * by,
});

const clamp = (value: number): number => Math.min(1, Math.max(0, value));
