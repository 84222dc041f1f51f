import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { registerReadiness } from '../health/readiness.js';
import type { Logger } from '../logging/logger.js';
import { CONFIG, LOGGER } from '../service/tokens.js';
import { type DatabaseOptions, openDatabase } from './data-source.js';
import { Database } from './database.js';

interface DatabaseConfig {
  readonly DATABASE_URL: string;
  readonly DATABASE_POOL_SIZE: number;
}

/** What a service says about its own schema. */
export type SchemaOptions = Pick<DatabaseOptions, 'schema' | 'sessionSettings' | 'entities' | 'migrations'>;

/**
 * Provides {@link Database} and TypeORM's DataSource to the whole service, from CONFIG. Open until the last shutdown hook, so
 * `onModuleDestroy` and `beforeApplicationShutdown` may still use it.
 */
@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  private readonly unregister: () => void;

  constructor(@Inject(Database) private readonly database: Database) {
    this.unregister = registerReadiness('database', async () => void (await database.query('SELECT 1')));
  }

  static forRoot(options: SchemaOptions): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        {
          provide: Database,
          inject: [CONFIG, LOGGER],
          useFactory: (config: DatabaseConfig, logger: Logger) =>
            openDatabase({
              ...options,
              url: config.DATABASE_URL,
              poolSize: config.DATABASE_POOL_SIZE,
              onPoolError: (err) => logger.warn({ what: 'database.connection_lost', err }),
            }),
        },
        { provide: DataSource, inject: [Database], useFactory: (database: Database) => database.dataSource },
      ],
      exports: [Database, DataSource],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    this.unregister();
    await this.database.dataSource.destroy();
  }
}
