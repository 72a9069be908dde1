import { buildAsyncApi, buildEventSchema } from '@facelane/events';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { buildOpenApi } from '../openapi/build-openapi.js';

/** The descriptions for programs at /openapi.json and, of events, at /asyncapi.json and /events.schema.json; for people at /docs. */
export async function addDocsPages(app: NestFastifyApplication): Promise<void> {
  const document = buildOpenApi();
  for (const [path, described] of [
    ['/openapi.json', document],
    ['/asyncapi.json', buildAsyncApi()],
    ['/events.schema.json', buildEventSchema()],
  ] as const) {
    // Once, not per request: descriptions do not change while the process runs.
    const json = JSON.stringify(described);
    app
      .getHttpAdapter()
      .getInstance()
      .get(path, (_request, reply) => reply.type('application/json').send(json));
  }
  await app.register(swagger, { mode: 'static', specification: { document: document as never } });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { docExpansion: 'list', tryItOutEnabled: true, persistAuthorization: false },
    // The bar at the top is another project's name and a field to load other descriptions.
    theme: {
      title: 'Facelane API',
      css: [{ filename: 'facelane.css', content: '#swagger-ui .topbar { display: none !important }' }],
    },
  });
}
