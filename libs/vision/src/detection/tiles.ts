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
