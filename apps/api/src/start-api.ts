import { type RunningProgram, type RuntimeOptions, startApp } from '@facelane/boot';
import { UsageError } from '@facelane/contracts';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiModule } from './api.module.js';

/** Starts the API and listens where API_HOST and API_PORT say. */
export async function startApi(options: RuntimeOptions): Promise<RunningProgram> {
  const { host, port } = options.config.api;
  const app = await startApp(ApiModule, options, (root, nest) =>
    NestFactory.create<NestFastifyApplication>(root, new FastifyAdapter(), nest),
  );
  try {
    await app.listen(port, host);
  } catch (error) {
    await app.close();
    throw listenError(error, host, port);
  }
  options.log.info({ address: await app.getUrl() }, 'API listening');
  return app;
}

function listenError(error: unknown, host: string, port: number): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new UsageError(
        `Port ${port} of ${host} is in use by another program.`,
        'Stop that program, or set API_PORT to another port (0 takes a free one).',
        { cause: error },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new UsageError(`${host} is no address of this machine.`, 'Correct API_HOST, for example 0.0.0.0.', {
        cause: error,
      });
    case 'EACCES':
      return new UsageError(`This user may not open port ${port}.`, 'Set API_PORT to a port of 1024 or above.', {
        cause: error,
      });
    default:
      return error;
  }
}
