/**
 * The data of each event of a text/event-stream, parsed as JSON (HTML standard, section 9.2). Comments, names and ids are
 * passed over; an event that is not complete when the stream ends is none.
 *
 * @throws what the stream fails with
 */
export async function* eventsOf(stream: ReadableStream<Uint8Array>): AsyncGenerator {
  let data: string[] = [];
  for await (const line of linesOf(stream)) {
    if (line.startsWith('data:')) data.push(line.slice('data:'.length).replace(/^ /, ''));
    if (line !== '' || data.length === 0) continue;
    yield JSON.parse(data.join('\n'));
    data = [];
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  // Not `for await`: some browsers cannot iterate over a stream.
  const reader = stream.getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split(/\r\n|\n/);
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } finally {
    // Whoever stops listening hangs up; of a stream that has failed there is nothing to let go of.
    await reader.cancel().catch(() => undefined);
  }
}
