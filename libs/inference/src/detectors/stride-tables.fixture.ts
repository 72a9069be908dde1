/** Strides at which YuNet and SCRFD have a table for each of their heads. */
const STRIDES = [8, 16, 32] as const;

/** Shapes of the outputs of a network whose heads have these columns, with so many rows a cell, at an input of this size. */
export const strideTables = (
  heads: Readonly<Record<string, number>>,
  { width, height }: { readonly width: number; readonly height: number },
  rowsPerCell = 1,
): Record<string, number[]> =>
  Object.fromEntries(
    Object.entries(heads).flatMap(([head, columns]) =>
      STRIDES.map((stride) => [`${head}_${stride}`, [1, (rowsPerCell * width * height) / stride ** 2, columns]]),
    ),
  );

/** A table of zeros but for these rows. */
export function tableWith(shape: readonly number[], rows: Readonly<Record<number, readonly number[]>>): Float32Array {
  const [, count = 0, columns = 0] = shape;
  const table = new Float32Array(count * columns);
  for (const [row, values] of Object.entries(rows)) table.set(values, Number(row) * columns);
  return table;
}
