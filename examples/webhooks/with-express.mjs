import express from 'express';
import { receive } from './inbox.mjs';

const app = express();

// The bytes as they came: an `express.json()` before this one would leave nothing to verify.
app.post('/hook', express.raw({ type: () => true, limit: 64_000 }), async (request, response) => {
  response.status(await receive(request.body, request.headers)).end();
});

app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
