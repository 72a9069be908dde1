import type { Box } from '../geometry/shapes.js';
import type { Size } from '../geometry/size.js';

/**
 * Areas that cover an image, each no larger than `tile` and overlapping its neighbours by at least `overlap` of a tile's
 * side, spread evenly. An image that fits into one tile has none: it needs no second look.
 */
export function tilesOf(image: Size, tile: Size, overlap: number): Box[] {
  if (image.width <= tile.width && image.height <= tile.height) return [];
  const columns = starts(image.width, tile.width, overlap);
  const rows = starts(image.height, tile.height, overlap);
  const width = Math.min(tile.width, image.width);
  const height = Math.min(tile.height, image.height);
  return rows.flatMap((y) => columns.map((x) => ({ x, y, width, height })));
}

function starts(length: number, tile: number, overlap: number): number[] {
  if (length <= tile) return [0];
  const steps = Math.ceil((length - tile) / (tile * (1 - overlap)));
  return Array.from({ length: steps + 1 }, (_, step) => Math.round(((length - tile) * step) / steps));
}

/** Part of a tile's side: a box that comes nearer than this to a cut is taken for a face that the cut goes through. */
const CUT_MARGIN = 0.01;

/** Whether the box reaches an edge of the area that is not an edge of the photo: another tile has that face whole. */
export function isCut(box: Box, area: Box, image: Size): boolean {
  const marginX = area.width * CUT_MARGIN;
  const marginY = area.height * CUT_MARGIN;
  return (
    (area.x > 0 && box.x < area.x + marginX) ||
    (area.y > 0 && box.y < area.y + marginY) ||
    (area.x + area.width < image.width && box.x + box.width > area.x + area.width - marginX) ||
    (area.y + area.height < image.height && box.y + box.height > area.y + area.height - marginY)
  );
}
