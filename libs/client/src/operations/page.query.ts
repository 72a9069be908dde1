/** Which part of a listing. */
export interface PageQuery {
  /** Where to go on: `next` of a page. */
  cursor?: string;
  /** At most this many items per page. */
  limit?: number;
}
