import type { DatabaseSync } from 'node:sqlite';
import { StageError, UsageError } from '@facelane/contracts';
import type { EmbeddedAdvice } from './embedded.advice.js';
import { openDatabase, transaction, type DatabaseOptions } from './embedded.database.js';
import { EmbeddedPoints } from './embedded.points.js';
import type { IndexRequest, IndexWrite, RequestMessage } from './embedded.protocol.js';

export type Outcome = { readonly error: unknown } | { readonly answer: unknown; readonly transfer: ArrayBuffer[] };
export interface Reply {
  readonly id: number;
  readonly outcome: Outcome;
}

/** So that a flood of writes does not hold up the searches behind it; far above what one commit needs to pay off. */
const MAX_WRITES_PER_COMMIT = 256;

const DONE: Outcome = { answer: undefined, transfer: [] };

/** Answers batches of requests in order, the writes that follow one another in one transaction. */
export class EmbeddedSession {
  readonly #options: DatabaseOptions;
  readonly #advice: EmbeddedAdvice;
  #open: { database: DatabaseSync; points: EmbeddedPoints } | undefined;
  closed = false;

  constructor(options: DatabaseOptions, advice: EmbeddedAdvice) {
    this.#options = options;
    this.#advice = advice;
  }

  /** One reply per message, each yielded only once what it acknowledges is committed. */
  *handle(messages: readonly RequestMessage[]): Generator<Reply> {
    for (let at = 0; at < messages.length;) {
      const writes = leadingWrites(messages, at);
      if (writes.length > 0) {
        yield* this.#commit(writes);
        at += writes.length;
      } else {
        const { id, request } = messages[at]!;
        yield { id, outcome: attempt(() => this.#read(request)) };
        at += 1;
      }
    }
  }

  /** The file is opened by the first request, and again after a failed one: what was wrong may have been mended. */
  #opened(): { database: DatabaseSync; points: EmbeddedPoints } {
    if (this.#open === undefined) {
      const database = openDatabase(this.#options);
      this.#open = { database, points: new EmbeddedPoints(database) };
    }
    return this.#open;
  }

  #commit(writes: readonly Write[]): Reply[] {
    try {
      const { database, points } = this.#opened();
      const replies = transaction(database, () =>
        writes.map(({ id, request }) => ({ id, outcome: this.#guarded(database, points, request) })),
      );
      this.#advice.look(
        writes.map((write) => write.request),
        points,
      );
      return replies;
    } catch (error) {
      return writes.map(({ id }) => ({ id, outcome: { error } }));
    }
  }

  /** A refused request takes back its own rows, not its neighbours'. A failing database takes back everything. */
  #guarded(database: DatabaseSync, points: EmbeddedPoints, request: IndexWrite): Outcome {
    database.exec('SAVEPOINT request');
    try {
      write(points, request);
      database.exec('RELEASE request');
      return DONE;
    } catch (error) {
      if (!(error instanceof StageError || error instanceof UsageError)) throw error;
      database.exec('ROLLBACK TO request');
      database.exec('RELEASE request');
      return { error };
    }
  }

  #read(request: Exclude<IndexRequest, IndexWrite>): Outcome {
    if (request.op === 'close') {
      this.#open?.database.close();
      this.closed = true;
      return DONE;
    }
    const { points } = this.#opened();
    switch (request.op) {
      case 'search':
        return answer(points.search(request.contractId, request.queries, request.filter, request.limit));
      case 'count':
        return answer(points.count(request.contractId, request.filter));
      case 'page': {
        const page = points.page(request.contractId, request.filter, request);
        return { answer: page, transfer: [page.vectors.values.buffer] };
      }
    }
  }
}

type Write = RequestMessage & { readonly request: IndexWrite };

function leadingWrites(messages: readonly RequestMessage[], from: number): Write[] {
  const writes: Write[] = [];
  for (let at = from; at < messages.length && writes.length < MAX_WRITES_PER_COMMIT; at += 1) {
    const message = messages[at]!;
    if (!isWrite(message)) break;
    writes.push(message);
  }
  return writes;
}

function isWrite(message: RequestMessage): message is Write {
  return !['search', 'count', 'page', 'close'].includes(message.request.op);
}

function write(points: EmbeddedPoints, request: IndexWrite): void {
  switch (request.op) {
    case 'ensureContract':
      return points.ensureContract(request.contract);
    case 'upsert':
      return points.upsert(request.contractId, request.points, request.vectors);
    case 'deleteWhere':
      return points.deleteWhere(request.contractId, request.filter);
    case 'deleteByIds':
      return points.deleteByIds(request.contractId, request.ids);
  }
}

const answer = (value: unknown): Outcome => ({ answer: value, transfer: [] });

function attempt(work: () => Outcome): Outcome {
  try {
    return work();
  } catch (error) {
    return { error };
  }
}
