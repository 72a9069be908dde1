import { createServer } from 'node:http';
import { receive } from './inbox.mjs';

/** Events are smaller than 20 kB; whoever sends more is not Facelane. */
const MAX_BYTES = 64_000;

/** Undefined when there is too much of it. */
async function bodyOf(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function answer(request) {
  if (request.method !== 'POST' || request.url !== '/hook') return 404;
  const body = await bodyOf(request);
  return body === undefined ? 413 : receive(body, request.headers);
}

createServer((request, response) => {
  answer(request)
    .catch((error) => {
      console.error(error);
      return 500;
    })
    .then((status) => response.writeHead(status).end());
}).listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
