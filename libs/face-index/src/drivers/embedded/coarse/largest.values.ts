/** Keeps the `count` largest of the numbers it is offered: a heap with the smallest of them at its top. */
export class LargestValues {
  readonly #heap: Float64Array;
  #size = 0;

  constructor(count: number) {
    this.#heap = new Float64Array(count);
  }

  /** The count-th largest number so far; -Infinity while there were fewer. */
  get least(): number {
    return this.#size < this.#heap.length ? -Infinity : this.#heap[0]!;
  }

  offer(value: number): void {
    if (this.#size < this.#heap.length) this.#rise(value);
    else if (value > this.#heap[0]!) this.#sink(value);
  }

  /** Puts the value at the end and moves it up past larger parents. */
  #rise(value: number): void {
    const heap = this.#heap;
    let at = this.#size;
    this.#size += 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]! <= value) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = value;
  }

  /** Replaces the top and moves it down past smaller children. */
  #sink(value: number): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child += 1;
      if (heap[child]! >= value) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = value;
  }
}
