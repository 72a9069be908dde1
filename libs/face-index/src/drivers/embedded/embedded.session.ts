import type { DatabaseSync } from 'node:sqlite';
import { StageError } from '@facelane/contracts';
import type { EmbeddedAdvice } from './embedded.advice.js';
import { openDatabase, snapshot, transaction, truncateLog, type DatabaseOptions } from './embedded.database.js';
import { EmbeddedPoints } from './embedded.points.js';
import type { IndexRequest, IndexWrite, RequestMessage } from './embedded.protocol.js';
import { EmbeddedSearch } from './embedded.search.js';
import type { CoarseOptions } from './coarse/coarse.options.js';

export type Outcome = { readonly error: unknown } | { readonly answer: unknown; readonly transfer: ArrayBuffer[] };
export interface Reply {
  readonly id: number;
  readonly outcome: Outcome;
}

/** So that a flood of writes does not hold up the searches behind it; far above what one commit needs to pay off. */
const MAX_WRITES_PER_COMMIT = 256;

const DONE: Outcome = { answer: undefined, transfer: [] };

interface SessionOptions extends DatabaseOptions {
  readonly coarse: CoarseOptions;
}

interface OpenFile {
  readonly database: DatabaseSync;
  readonly points: EmbeddedPoints;
  readonly search: EmbeddedSearch;
}

/** Answers batches of requests in order, the writes that follow one another in one transaction. */
export class EmbeddedSession {
  readonly #options: SessionOptions;
  readonly #advice: EmbeddedAdvice;
  #open: OpenFile | undefined;
  closed = false;

  constructor(options: SessionOptions, advice: EmbeddedAdvice) {
    this.#options = options;
    this.#advice = advice;
  }

  /** One reply per message, each yielded only once what it acknowledges is committed. */
  *handle(messages: readonly RequestMessage[]): Generator<Reply> {
    let at = 0;
    while (at < messages.length) {
      const { id, request } = messages[at]!;
      if (isWrite(request)) {
        const writes = leadingWrites(messages, at);
        yield* this.#commit(writes);
        at += writes.length;
      } else {
        yield { id, outcome: attempt(() => this.#read(request)) };
        at += 1;
      }
    }
  }

  /** The file is opened by the first request, and again after a failed one: what was wrong may have been mended. */
  #opened(): OpenFile {
    if (this.#open === undefined) {
      const database = openDatabase(this.#options);
      const search = new EmbeddedSearch(database, this.#options.coarse);
      this.#open = { database, points: new EmbeddedPoints(database), search };
    }
    return this.#open;
  }

  #commit(writes: readonly Write[]): Reply[] {
    try {
      const { database, points } = this.#opened();
      const replies = transaction(database, () =>
        writes.map(({ id, request }) => ({ id, outcome: refusable(() => write(points, request)) })),
      );
      const written = writes.filter((_, at) => !('error' in replies[at]!.outcome));
      this.#advice.look(
        written.map((each) => each.request),
        points,
      );
      return replies;
    } catch (error) {
      return writes.map(({ id }) => ({ id, outcome: { error } }));
    }
  }

  #read(request: Exclude<IndexRequest, IndexWrite>): Outcome {
    if (request.op === 'close') {
      this.closed = true;
      this.#open?.database.close();
      return DONE;
    }
    const { database, points, search } = this.#opened();
    switch (request.op) {
      case 'purge':
        truncateLog(database, this.#options.file);
        return DONE;
      case 'search': {
        const { contractId, queries, filter, limit } = request;
        return answer(snapshot(database, () => search.nearest(contractId, queries, filter, limit)));
      }
      case 'find': {
        const found = points.find(request.contractId, request.ids, request.withVectors);
        return { answer: found, transfer: [found.vectors.values.buffer] };
      }
      case 'count':
        return answer(points.count(request.contractId, request.filter));
      case 'page': {
        const page = points.page(request.contractId, request.filter, request);
        return { answer: page, transfer: [page.vectors.values.buffer] };
      }
    }
  }
}

interface Write {
  readonly id: number;
  readonly request: IndexWrite;
}

function leadingWrites(messages: readonly RequestMessage[], from: number): Write[] {
  const writes: Write[] = [];
  for (const { id, request } of messages.slice(from, from + MAX_WRITES_PER_COMMIT)) {
    if (!isWrite(request)) break;
    writes.push({ id, request });
  }
  return writes;
}

function isWrite(request: IndexRequest): request is IndexWrite {
  return ['ensureContract', 'upsert', 'deleteWhere', 'deleteByIds'].includes(request.op);
}

function write(points: EmbeddedPoints, request: IndexWrite): void {
  switch (request.op) {
    case 'ensureContract':
      points.ensureContract(request.contract);
      break;
    case 'upsert':
      points.upsert(request.contractId, request.points, request.vectors);
      break;
    case 'deleteWhere':
      points.deleteWhere(request.contractId, request.filter);
      break;
    case 'deleteByIds':
      points.deleteByIds(request.contractId, request.ids);
      break;
  }
}

const answer = (value: unknown): Outcome => ({ answer: value, transfer: [] });

/**
 * A refusal concerns one request and has written nothing, since EmbeddedPoints checks before it writes; its neighbours
 * in the transaction go on. Any other failure is the database's and takes back all of them.
 */
function refusable(work: () => void): Outcome {
  try {
    work();
    return DONE;
  } catch (error) {
    if (error instanceof StageError) return { error };
    throw error;
  }
}

function attempt(work: () => Outcome): Outcome {
  try {
    return work();
  } catch (error) {
    return { error };
  }
}
