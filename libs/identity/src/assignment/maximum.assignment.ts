/** Weights, rows by columns: `weights[row][column]`. All rows are equally long, and all numbers finite. */
export type Weights = readonly (readonly number[])[];

/**
 * Gives each row at most one column and each column to at most one row, so that the total of their weights is the
 * largest possible; a pair of weight 0 or less is never made. Of several equally good answers always the same one.
 *
 * Shortest augmenting paths after Jonker & Volgenant, "A shortest augmenting path algorithm for dense and sparse linear
 * assignment problems", Computing 38, 1987, for rectangular tables as in Crouse, "On implementing 2D rectangular
 * assignment algorithms", IEEE Transactions on Aerospace and Electronic Systems 52(4), 2016. With n the smaller and m
 * the larger number of rows and columns it takes n²·m steps: a few milliseconds for 100 × 100.
 *
 * @returns for each row its column, or undefined.
 */
export function maximumAssignment(weights: Weights): (number | undefined)[] {
  const rows = weights.length;
  const columns = weights[0]?.length ?? 0;
  if (rows > columns) {
    const rowOf = maximumAssignment(transposed(weights, columns));
    const columnOf = new Array<number | undefined>(rows).fill(undefined);
    rowOf.forEach((row, column) => row !== undefined && (columnOf[row] = column));
    return columnOf;
  }
  const search = new PathSearch(weights, columns);
  for (let row = 0; row < rows; row += 1) search.assign(row);
  return weights.map((line, row) => (line[search.columnOf[row]!]! > 0 ? search.columnOf[row] : undefined));
}

const transposed = (weights: Weights, columns: number): number[][] =>
  Array.from({ length: columns }, (_, column) => weights.map((line) => line[column]!));

/**
 * Rows are assigned one after another. Costs are minus weights, and 0 where a weight is negative: a row with such a
 * column counts as left out, and so every row can be given one. Prices of rows and columns keep every reduced cost
 * (cost − row price − column price) at 0 or more and those of assigned pairs at 0, which proves the result the best.
 */
class PathSearch {
  readonly columnOf: Int32Array;
  private readonly rowOf: Int32Array;
  private readonly rowPrice: Float64Array;
  private readonly columnPrice: Float64Array;

  constructor(
    private readonly weights: Weights,
    private readonly columns: number,
  ) {
    this.columnOf = new Int32Array(weights.length).fill(-1);
    this.rowOf = new Int32Array(columns).fill(-1);
    this.rowPrice = new Float64Array(weights.length);
    this.columnPrice = new Float64Array(columns);
  }

  /** Finds the cheapest chain of changes that gives `start` a column, and makes them. */
  assign(start: number): void {
    const distance = new Float64Array(this.columns).fill(Infinity);
    const via = new Int32Array(this.columns).fill(-1);
    const settled: number[] = [];
    const open = new Set(this.rowOf.keys());
    let row = start;
    let length = 0;
    for (;;) {
      let nearest = -1;
      for (const column of open) {
        const reduced = length + this.cost(row, column) - this.rowPrice[row]! - this.columnPrice[column]!;
        if (reduced < distance[column]!) {
          distance[column] = reduced;
          via[column] = row;
        }
        if (nearest < 0 || distance[column]! < distance[nearest]!) nearest = column;
      }
      length = distance[nearest]!;
      open.delete(nearest);
      if (this.rowOf[nearest]! < 0) {
        this.reprice(start, settled, distance, length);
        this.follow(start, nearest, via);
        return;
      }
      settled.push(nearest);
      row = this.rowOf[nearest]!;
    }
  }

  private cost(row: number, column: number): number {
    return -Math.max(0, this.weights[row]![column]!);
  }

  private reprice(start: number, settled: readonly number[], distance: Float64Array, length: number): void {
    this.rowPrice[start]! += length;
    for (const column of settled) {
      const slack = length - distance[column]!;
      this.rowPrice[this.rowOf[column]!]! += slack;
      this.columnPrice[column]! -= slack;
    }
  }

  /** Hands each column of the path to the row it was reached from, back to where the path began. */
  private follow(start: number, end: number, via: Int32Array): void {
    let column = end;
    for (;;) {
      const row = via[column]!;
      const next = this.columnOf[row]!;
      this.rowOf[column] = row;
      this.columnOf[row] = column;
      if (row === start) return;
      column = next;
    }
  }
}
