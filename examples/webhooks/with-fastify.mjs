import Fastify from 'fastify';
import { receive } from './inbox.mjs';

const app = Fastify({ bodyLimit: 64_000 });

// The bytes as they came, in place of the parser that Fastify has for JSON.
app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

app.post('/hook', async (request, reply) => reply.code(await receive(request.body, request.headers)).send());

await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' });
