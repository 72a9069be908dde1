import { type RunningProgram, type RuntimeOptions, startApp } from '@facelane/boot';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { addDocsPages } from './docs.pages.js';
import { addPlugins, fastifyAdapter } from './http.server.js';
import { listenError } from './listen.error.js';
import { RequestGate } from './request.gate.js';

export interface RunningHttp extends RunningProgram {
  /** Where it listens, e.g. `http://127.0.0.1:8080`. */
  readonly address: string;
}

/** Starts an application that has the HttpApiModule in it, and listens where API_HOST and API_PORT say. */
export async function startHttp(module: Type | DynamicModule, options: RuntimeOptions): Promise<RunningHttp> {
  const { api } = options.config;
  const app = await startApp(module, options, (root, nest) =>
    NestFactory.create<NestFastifyApplication>(root, fastifyAdapter(api), nest),
  );
  try {
    app.get(RequestGate).addTo(app.getHttpAdapter().getInstance());
    await addPlugins(app, options.config);
    await addDocsPages(app);
    await app.listen(api.port, api.host);
  } catch (error) {
    await app.close();
    throw listenError(error, api.host, api.port);
  }
  const address = await app.getUrl();
  options.log.info({ address }, 'API listening');
  return { address, close: () => app.close() };
}
