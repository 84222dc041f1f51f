import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { Logger } from '../logging/logger.js';
import { CONFIG, LOGGER } from './tokens.js';

/** Gives CONFIG and LOGGER to a whole service. `runService` imports it; so do tests that build a module themselves. */
@Global()
@Module({})
export class RuntimeModule {
  static forRoot(config: object, logger: Logger): DynamicModule {
    return {
      module: RuntimeModule,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOGGER, useValue: logger },
      ],
      exports: [CONFIG, LOGGER],
    };
  }
}
