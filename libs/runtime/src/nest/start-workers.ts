import 'reflect-metadata';
import type { StageName } from '@facelane/contracts';
import { NestLogger } from '@facelane/telemetry';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { RuntimeOptions } from './runtime.options.js';
import { WorkerModule } from './worker.module.js';

/** Runs the stages in this process until `close()`. */
export async function startWorkers(
  stages: readonly StageName[],
  options: RuntimeOptions,
): Promise<INestApplicationContext> {
  return NestFactory.createApplicationContext(WorkerModule.forStages(stages, options), {
    logger: new NestLogger(options.log),
    // A failed start is an error for the caller to show, not the end of his process.
    abortOnError: false,
  });
}
