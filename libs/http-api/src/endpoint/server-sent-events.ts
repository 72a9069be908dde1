/** A message of an event stream. One of an id alone moves the place of its reader, who hears nothing of it. */
export interface StreamMessage<T = unknown> {
  /** Where to go on, which a reader hands back as Last-Event-ID. */
  readonly id?: string;
  readonly event?: string;
  readonly data?: T;
}

/**
 * Text of an event stream (HTML standard, section 9.2): one block per message, whose data is JSON, and a comment when
 * there was nothing to say for a while.
 */
export async function* serverSentEvents(
  messages: AsyncIterable<StreamMessage>,
  keepAliveMs: number,
): AsyncGenerator<string> {
  const iterator = messages[Symbol.asyncIterator]();
  try {
    let next = iterator.next();
    for (;;) {
      const message = await withinTime(next, keepAliveMs);
      if (message === LATE) {
        yield ': still here\n\n';
        continue;
      }
      if (message.done === true) return;
      yield textOf(message.value);
      next = iterator.next();
    }
  } finally {
    await iterator.return?.();
  }
}

/** Ids and types have no line breaks: they are ours. */
function textOf({ id, event, data }: StreamMessage): string {
  const lines = [
    ...(id === undefined ? [] : [`id: ${id}`]),
    ...(event === undefined ? [] : [`event: ${event}`]),
    ...(data === undefined ? [] : [`data: ${JSON.stringify(data)}`]),
  ];
  return `${lines.join('\n')}\n\n`;
}

const LATE = Symbol('late');

async function withinTime<T>(promise: Promise<T>, ms: number): Promise<T | typeof LATE> {
  const late = Promise.withResolvers<typeof LATE>();
  const timer = setTimeout(() => late.resolve(LATE), ms);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
