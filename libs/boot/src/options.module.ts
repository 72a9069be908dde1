import { type DynamicModule, Global, Module } from '@nestjs/common';
import { OpenResources } from './open.resources.js';
import { RuntimeOptions } from './runtime.options.js';

/** What every module of an application may ask for: its options, and where to register what it opens. */
@Global()
@Module({})
export class OptionsModule {
  static with(options: RuntimeOptions, resources: OpenResources): DynamicModule {
    return {
      module: OptionsModule,
      providers: [
        { provide: RuntimeOptions, useFactory: () => options },
        { provide: OpenResources, useFactory: () => resources },
      ],
      exports: [RuntimeOptions, OpenResources],
    };
  }
}
