/**
 * Runs `work`, which writes a body somewhere. The failure of the body itself, and the reason of an abort, come out as
 * they are, never as a failure of the store; a body that stands still is not waited for after an abort. The body's
 * iterator is closed in any case.
 */
export async function consumeBody<T>(
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
  work: (chunks: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<T> {
  let failure: { readonly error: unknown } | undefined;
  const pieces = untilAborted(body, signal);
  // Only what pulling throws is the body's: a stream that is torn down throws into its source as well.
  const pull = (): Promise<IteratorResult<Uint8Array, void>> =>
    pieces.next().catch((error: unknown) => {
      failure = { error };
      throw error;
    });
  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      for (let next = await pull(); next.done !== true; next = await pull()) yield next.value;
    } finally {
      await pieces.return();
    }
  }
  try {
    return await work(chunks());
  } catch (error) {
    signal?.throwIfAborted();
    throw failure === undefined ? error : failure.error;
  }
}

async function* untilAborted(
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void> {
  if (signal === undefined) {
    yield* body;
    return;
  }
  const iterator = body[Symbol.asyncIterator]();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  aborted.catch(() => undefined);
  const abort = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  let ended = false;
  try {
    for (;;) {
      signal.throwIfAborted();
      const next = await Promise.race([iterator.next(), aborted]);
      ended = next.done === true;
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', abort);
    // Not waited for: a generator that stands still answers never.
    if (!ended) iterator.return?.().catch(() => undefined);
  }
}
