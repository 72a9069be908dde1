/** A reply of Redis, protocol version 2 (https://redis.io/docs/latest/develop/reference/protocol-spec/). */
export type Reply = string | number | null | Error | readonly Reply[];

/** One command as bytes: an array of bulk strings. */
export function encodeCommand(parts: readonly string[]): string {
  return `*${parts.length}\r\n${parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join('')}`;
}

interface Decoded {
  readonly reply: Reply;
  readonly end: number;
}

/** The first reply in `bytes` from `start`, or undefined while it is not complete. */
export function decodeReply(bytes: Buffer, start = 0): Decoded | undefined {
  const lineEnd = bytes.indexOf('\r\n', start);
  if (lineEnd === -1) return undefined;
  const line = bytes.toString('utf8', start + 1, lineEnd);
  const end = lineEnd + 2;
  switch (String.fromCharCode(bytes[start]!)) {
    case '+':
      return { reply: line, end };
    case '-':
      return { reply: new Error(line), end };
    case ':':
      return { reply: Number(line), end };
    case '$':
      return decodeBulk(bytes, end, Number(line));
    case '*':
      return decodeArray(bytes, end, Number(line));
    default:
      throw new Error('the server does not speak the protocol of Redis');
  }
}

function decodeBulk(bytes: Buffer, start: number, length: number): Decoded | undefined {
  if (length === -1) return { reply: null, end: start };
  const end = start + length + 2;
  return bytes.length < end ? undefined : { reply: bytes.toString('utf8', start, start + length), end };
}

function decodeArray(bytes: Buffer, start: number, length: number): Decoded | undefined {
  if (length === -1) return { reply: null, end: start };
  const items: Reply[] = [];
  let end = start;
  for (let index = 0; index < length; index++) {
    const item = decodeReply(bytes, end);
    if (item === undefined) return undefined;
    items.push(item.reply);
    end = item.end;
  }
  return { reply: items, end };
}
