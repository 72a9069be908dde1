import type { Size } from '../geometry/size.js';
import type { ExpectedOutput } from './output-reader.js';

/** Steps of the feature maps of YuNet, SCRFD and RetinaFace, pixels. */
export const GRID_STRIDES = [8, 16, 32] as const;

export interface GridCell {
  readonly stride: number;
  /** Which of the three feature maps, 0..2. */
  readonly level: number;
  readonly column: number;
  readonly row: number;
  /** Row of this cell's first candidate in the level's tables. */
  readonly first: number;
}

/** Cells of the three feature maps, row by row, with `perCell` candidates each. */
export function* gridCells({ width, height }: Size, perCell: number): Generator<GridCell> {
  for (const [level, stride] of GRID_STRIDES.entries()) {
    const columns = Math.ceil(width / stride);
    const cells = columns * Math.ceil(height / stride);
    for (let cell = 0; cell < cells; cell++) {
      yield { stride, level, column: cell % columns, row: Math.floor(cell / columns), first: cell * perCell };
    }
  }
}

/** One table for each feature map. */
export function tablePerStride(
  { width, height }: Size,
  perCell: number,
  table: Pick<ExpectedOutput, 'holds' | 'columns' | 'probability'>,
): ExpectedOutput[] {
  return GRID_STRIDES.map((stride) => ({
    ...table,
    holds: `${table.holds} at stride ${stride}`,
    rows: Math.ceil(width / stride) * Math.ceil(height / stride) * perCell,
  }));
}
