import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { testPostgres } from '@postern/testing';
import { DataSource } from 'typeorm';
import {
  createLogger,
  Database,
  DatabaseModule,
  processReadiness,
  provisionAndMigrate,
  RuntimeModule,
} from '../src/index.js';
import { MIGRATIONS, SCHEMA, serviceUrlOf } from './ledger-schema.js';

let postgres: Awaited<ReturnType<typeof testPostgres>>;
let serviceUrl: string;

beforeAll(async () => {
  postgres = await testPostgres();
  serviceUrl = serviceUrlOf(postgres.adminUrl);
  await provisionAndMigrate({ schema: SCHEMA, migrations: MIGRATIONS, adminUrl: postgres.adminUrl, serviceUrl });
});

afterAll(async () => {
  await postgres?.stop();
});

describe('DatabaseModule', () => {
  test('gives the database to a service, is part of its readiness, and closes at the very end', async () => {
    const config = { DATABASE_URL: serviceUrl, DATABASE_POOL_SIZE: 2 };
    const imports = [
      RuntimeModule.forRoot(config, createLogger('ledger', 'silent')),
      DatabaseModule.forRoot({ schema: SCHEMA, migrations: MIGRATIONS }),
    ];
    const seenAtStop: unknown[] = [];

    @Module({ imports })
    class LedgerModule {
      async beforeApplicationShutdown(): Promise<void> {
        seenAtStop.push(...(await database.query('SELECT 1 AS one')));
      }
    }

    const app = await NestFactory.createApplicationContext(LedgerModule, { logger: false });
    const database = app.get(Database);
    expect(app.get(DataSource)).toBe(database.dataSource);
    expect(await database.query('SELECT current_schema() AS schema')).toEqual([{ schema: SCHEMA }]);
    expect(await processReadiness.report()).toEqual({ ready: true, failing: [] });

    await app.close();
    expect(seenAtStop).toEqual([{ one: 1 }]);
    await expect(database.query('SELECT 1')).rejects.toMatchObject({ code: 'unavailable' });
  });
});
