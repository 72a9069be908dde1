import 'reflect-metadata';
import { NestLogger } from '@facelane/telemetry';
import { type DynamicModule, type INestApplicationContext, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { OpenResources } from './open.resources.js';
import { OptionsModule } from './options.module.js';
import type { RuntimeOptions } from './runtime.options.js';

@Module({})
class RootModule {}

/** Who tells of a failed start on Nest's side; the failure itself reaches the caller, who says it in two sentences. */
const TELLS_OF_FAILED_START: ReadonlySet<unknown> = new Set(['ExceptionHandler', 'NestApplication']);

class BootLogger extends NestLogger {
  override error(message: unknown, ...details: unknown[]): void {
    if (TELLS_OF_FAILED_START.has(details.at(-1))) this.debug(message, ...details);
    else super.error(message, ...details);
  }
}

/** What NestFactory is given by default: an application without a server. */
const withoutServer: AppFactory<INestApplicationContext> = (root, options) =>
  NestFactory.createApplicationContext(root, options);

/** Makes the application of a root module with Nest's own options. */
export type AppFactory<App> = (root: DynamicModule, options: NestOptions) => Promise<App>;

type NestOptions = NonNullable<Parameters<typeof NestFactory.createApplicationContext>[1]>;

/**
 * Starts the application of a module with the given options. When that fails, everything that was opened by then is
 * closed before the failure is handed to the caller.
 */
export async function startApp(module: Type | DynamicModule, options: RuntimeOptions): Promise<INestApplicationContext>;
export async function startApp<App extends INestApplicationContext>(
  module: Type | DynamicModule,
  options: RuntimeOptions,
  create: AppFactory<App>,
): Promise<App>;
export async function startApp(
  module: Type | DynamicModule,
  options: RuntimeOptions,
  create: AppFactory<INestApplicationContext> = withoutServer,
): Promise<INestApplicationContext> {
  const resources = new OpenResources();
  const root = { module: RootModule, imports: [OptionsModule.with(options, resources), module] };
  try {
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest exports no such class
    return await create(root, { logger: new BootLogger(options.log), abortOnError: false });
  } catch (error) {
    await resources.closeAll().catch((failure: unknown) => options.log.debug({ err: failure }, 'closing failed'));
    throw error;
  }
}
