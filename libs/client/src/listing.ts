/** One page of a listing. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Cursor of the next page. Absent: there is none. */
  readonly next?: string;
}

/** A listing, read as it is gone through: `for await (const item of listing)`. */
export interface Listing<T> extends AsyncIterable<T> {
  /** The first page, or that of the `cursor` which the listing was asked for with. */
  page(): Promise<Page<T>>;
  /** Page by page. A page may be short, even empty, and not be the last one. */
  pages(): AsyncIterable<Page<T>>;
}

/** @param read - asks for a page; without a cursor for the first one. */
export function listing<T>(read: (cursor?: string) => Promise<Page<T>>): Listing<T> {
  async function* pages(): AsyncGenerator<Page<T>> {
    let page = await read();
    yield page;
    while (page.next !== undefined) {
      page = await read(page.next);
      yield page;
    }
  }
  return {
    page: () => read(),
    pages,
    async *[Symbol.asyncIterator]() {
      for await (const { items } of pages()) yield* items;
    },
  };
}
