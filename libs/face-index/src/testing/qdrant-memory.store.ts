/** What the description leaves open and Qdrant decides: a failure with its HTTP status. */
export class QdrantFault extends Error {
  override readonly name = 'QdrantFault';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

interface Point {
  readonly id: string;
  readonly vector: readonly number[];
  readonly payload: Readonly<Record<string, unknown>>;
}

interface Collection {
  readonly vectors: { readonly size: number; readonly distance: string };
  readonly indexes: Map<string, unknown>;
  readonly points: Map<string, Point>;
}

interface Filter {
  readonly must?: readonly { readonly key: string; readonly match?: { readonly value: unknown } }[];
}

/**
 * As much of Qdrant as the driver uses, in memory and exact. Bodies have been validated before they come here.
 *
 * It is stricter than Qdrant where leniency would hide a slow query: filters need indexed fields, and indexes must
 * be made before the first point.
 */
export class QdrantMemoryStore {
  readonly #collections = new Map<string, Collection>();

  create(name: string, body: { vectors: Collection['vectors'] }): unknown {
    if (this.#collections.has(name)) throw new QdrantFault(409, `Wrong input: Collection \`${name}\` already exists!`);
    this.#collections.set(name, { vectors: body.vectors, indexes: new Map(), points: new Map() });
    return true;
  }

  describe(name: string): unknown {
    const { vectors, indexes, points } = this.#collection(name);
    const payload_schema = Object.fromEntries(
      [...indexes].map(([field, params]) => [field, { data_type: 'keyword', params, points: points.size }]),
    );
    return {
      ...{ status: 'green', optimizer_status: 'ok', segments_count: 1, points_count: points.size, payload_schema },
      config: {
        params: { vectors, shard_number: 1, replication_factor: 1 },
        hnsw_config: { m: 16, ef_construct: 100, full_scan_threshold: 10_000 },
        optimizer_config: { default_segment_number: 0, flush_interval_sec: 5 },
      },
    };
  }

  index(name: string, body: { field_name: string; field_schema: unknown }): unknown {
    const { indexes, points } = this.#collection(name);
    if (points.size > 0) throw new QdrantFault(400, `The index of ${body.field_name} comes after the first point.`);
    indexes.set(body.field_name, body.field_schema);
    return { operation_id: indexes.size, status: 'completed' };
  }

  upsert(name: string, body: { points: readonly Point[] }, wait: boolean): unknown {
    const { vectors, points } = this.#collection(name);
    if (body.points.length === 0) throw new QdrantFault(400, 'Bad request: Empty update request');
    for (const { id, vector, payload } of body.points) {
      if (vector.length !== vectors.size) {
        throw new QdrantFault(
          400,
          `Wrong input: Vector dimension error: expected dim: ${vectors.size}, got ${vector.length}`,
        );
      }
      points.set(id, { id, vector: normalised(vector), payload });
    }
    return { operation_id: points.size, status: wait ? 'completed' : 'acknowledged' };
  }

  delete(name: string, body: { points?: readonly string[]; filter?: Filter }, wait: boolean): unknown {
    const { points } = this.#collection(name);
    const doomed = body.points ?? this.#matching(name, body.filter).map((point) => point.id);
    for (const id of doomed) points.delete(id);
    return { operation_id: points.size, status: wait ? 'completed' : 'acknowledged' };
  }

  /** Sorted, since Qdrant promises no order: whoever relies on that of the request is found out. */
  retrieve(name: string, body: { ids: readonly string[]; with_vector?: boolean }): unknown {
    const { points } = this.#collection(name);
    const ids = [...new Set(body.ids)].sort();
    const found = ids.flatMap((id) => points.get(id) ?? []);
    return body.with_vector === true ? found : found.map(({ id, payload }) => ({ id, payload }));
  }

  count(name: string, body: { filter?: Filter }): unknown {
    return { count: this.#matching(name, body.filter).length };
  }

  scroll(name: string, body: { filter?: Filter; limit?: number; offset?: string; with_vector?: boolean }): unknown {
    const { limit = 10, offset = '', with_vector = false } = body;
    const from = this.#matching(name, body.filter)
      .filter((point) => point.id >= offset)
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    const points = from.slice(0, limit).map(({ vector, ...point }) => (with_vector ? { ...point, vector } : point));
    return { points, next_page_offset: from[limit]?.id ?? null };
  }

  queryBatch(
    name: string,
    body: { searches: readonly { query: number[]; filter?: Filter; limit?: number }[] },
  ): unknown {
    return body.searches.map(({ query, filter, limit = 10 }) => {
      const unit = normalised(query);
      const scored = this.#matching(name, filter).map(({ id, payload, vector }) => ({
        ...{ id, payload, version: 0 },
        score: Math.fround(vector.reduce((sum, value, at) => sum + value * unit[at]!, 0)),
      }));
      return { points: scored.sort((a, b) => b.score - a.score).slice(0, limit) };
    });
  }

  #collection(name: string): Collection {
    const collection = this.#collections.get(name);
    if (collection === undefined) throw new QdrantFault(404, `Not found: Collection \`${name}\` doesn't exist!`);
    return collection;
  }

  #matching(name: string, filter: Filter = {}): Point[] {
    const { indexes, points } = this.#collection(name);
    const { must = [], ...others } = filter;
    if (Object.keys(others).length > 0)
      throw new QdrantFault(501, `No such filter here: ${Object.keys(others).join()}`);
    const unindexed = must.find(({ key }) => !indexes.has(key));
    if (unindexed !== undefined) throw new QdrantFault(400, `Index required but not found for "${unindexed.key}"`);
    return [...points.values()].filter(({ payload }) => must.every(({ key, match }) => payload[key] === match?.value));
  }
}

function normalised(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector);
  return vector.map((value) => Math.fround(value / length));
}
