import { runProgram, startApp } from '@facelane/boot';
import type { Type } from '@nestjs/common';

/** Runs a worker's module as a program of its own, until it is asked to stop. */
export function runWorker(module: Type): Promise<never> {
  return runProgram((options) => startApp(module, options));
}
