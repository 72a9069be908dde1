import { loadConfig } from '@facelane/config';
import { createLogger } from '@facelane/telemetry';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { RuntimeOptions } from './runtime.options.js';

/** Options for every module of the application: given by the caller, else read from the environment. */
@Global()
@Module({})
export class OptionsModule {
  static with(options?: RuntimeOptions): DynamicModule {
    const useFactory = (): RuntimeOptions => {
      if (options !== undefined) return options;
      const config = loadConfig();
      return new RuntimeOptions(config, createLogger(config.log));
    };
    return {
      module: OptionsModule,
      providers: [{ provide: RuntimeOptions, useFactory }],
      exports: [RuntimeOptions],
    };
  }
}
