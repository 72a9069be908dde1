import type { PixelBox } from '../image.js';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface TagRequest {
  /** The face, pixels. */
  readonly box: PixelBox;
  /** The tag from its most telling to its smallest form. */
  readonly sizes: readonly [Size, ...Size[]];
}

export interface PlacedTag {
  readonly box: PixelBox;
  /** Which of the sizes was taken. */
  readonly form: number;
}

/** A tag across another face hides a person; a tag across another tag hides a name. */
const COST_ON_TAG = 8;
const COST_ON_FACE = 1;
/** Of its own area: how much may be covered before a smaller form is tried. */
const TOLERATED_ON_TAGS = 0.02;

/**
 * A place for each tag: above its face where there is room, else below, beside or inside it, always within the frame,
 * away from other tags first and other faces second. Tags that find no free place fall back to their smaller form.
 */
export function placeTags(frame: Size, requests: readonly TagRequest[], gap: number): readonly PlacedTag[] {
  const placed: PlacedTag[] = [];
  for (const [index, request] of requests.entries()) {
    const faces = requests.filter((_, other) => other !== index).map(({ box }) => box);
    const tags = placed.map(({ box }) => box);
    placed.push(placeOne(frame, request, faces, tags, gap));
  }
  return placed;
}

function placeOne(
  frame: Size,
  { box, sizes }: TagRequest,
  faces: readonly PixelBox[],
  tags: readonly PixelBox[],
  gap: number,
): PlacedTag {
  const last = sizes.length - 1;
  for (const [form, size] of sizes.entries()) {
    const best = bestPlace(frame, box, size, faces, tags, gap);
    const fits = size.width <= frame.width && size.height <= frame.height;
    if (form === last || (fits && covered(best, tags) <= TOLERATED_ON_TAGS * area(best))) return { box: best, form };
  }
  throw new RangeError('A tag needs at least one size.');
}

function bestPlace(
  frame: Size,
  box: PixelBox,
  size: Size,
  faces: readonly PixelBox[],
  tags: readonly PixelBox[],
  gap: number,
): PixelBox {
  const cost = (place: PixelBox): number => COST_ON_TAG * covered(place, tags) + COST_ON_FACE * covered(place, faces);
  const places = candidates(box, size, gap).map((place) => keepInside(frame, place));
  return places.reduce((best, place) => (cost(place) < cost(best) ? place : best));
}

/** In order of preference. The last ones lie on the face itself, which is better than on somebody else's. */
function candidates(box: PixelBox, size: Size, gap: number): readonly PixelBox[] {
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  const above = box.y - size.height - gap;
  const below = bottom + gap;
  return [
    { x: box.x, y: above },
    { x: right - size.width, y: above },
    { x: box.x, y: below },
    { x: right - size.width, y: below },
    { x: right + gap, y: box.y },
    { x: box.x - size.width - gap, y: box.y },
    { x: right + gap, y: bottom - size.height },
    { x: box.x, y: box.y },
    { x: box.x, y: bottom - size.height },
  ].map((corner) => ({ ...corner, ...size }));
}

const keepInside = (frame: Size, { x, y, width, height }: PixelBox): PixelBox => ({
  x: Math.round(Math.max(0, Math.min(x, frame.width - width))),
  y: Math.round(Math.max(0, Math.min(y, frame.height - height))),
  width,
  height,
});

const covered = (place: PixelBox, others: readonly PixelBox[]): number =>
  others.reduce((sum, other) => sum + overlap(place, other), 0);

function overlap(a: PixelBox, b: PixelBox): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

const area = ({ width, height }: Size): number => width * height;
