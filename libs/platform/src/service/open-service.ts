import 'reflect-metadata';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { CustomStrategy } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { baseSettings } from '../config/base-settings.js';
import type { Settings, SettingValues } from '../config/setting.js';
import { AppErrorFilter } from '../http/app-error.filter.js';
import { createHttpAdapter, type HttpAdapterOptions } from '../http/http-adapter.js';
import type { Logger } from '../logging/logger.js';
import { NestPinoLogger } from '../logging/nest-pino-logger.js';
import { RuntimeModule } from './runtime.module.js';

export type ServiceSettings = Settings & typeof baseSettings;

export interface ServiceDefinition<S extends ServiceSettings> {
  /** Name in logs, metrics and messages: `security-scan`. */
  name: string;
  settings: S;
  /** The composition root. CONFIG and LOGGER can be injected everywhere. */
  module: (config: SettingValues<S>) => Type | DynamicModule;
  /** Consumers to start when the module is ready. */
  microservices?: (app: NestFastifyApplication, config: SettingValues<S>) => CustomStrategy[];
  /** Opens the service's public side: `app.listen(…)`, or a server of another protocol. Without it, no port but the admin port. */
  http?: (app: NestFastifyApplication, config: SettingValues<S>) => Promise<void>;
  httpAdapter?: HttpAdapterOptions;
}

class ServiceRoot {}

/**
 * Builds a service's application: modules, error shape and strategies, nothing started. What a process and a test have
 * in common.
 */
export async function buildService<S extends ServiceSettings>(
  service: ServiceDefinition<S>,
  config: SettingValues<S>,
  logger: Logger,
): Promise<NestFastifyApplication> {
  const root: DynamicModule = {
    module: ServiceRoot,
    imports: [RuntimeModule.forRoot(config, logger), service.module(config)],
  };
  const app = await NestFactory.create<NestFastifyApplication>(
    root,
    createHttpAdapter({ ...service.httpAdapter, logger }),
    {
      logger: new NestPinoLogger(logger),
      abortOnError: false,
    },
  );
  app.useGlobalFilters(new AppErrorFilter(logger));
  for (const strategy of service.microservices?.(app, config) ?? []) app.connectMicroservice(strategy);
  return app;
}

/** Starts everything of a built service. */
export async function openService<S extends ServiceSettings>(
  service: ServiceDefinition<S>,
  app: NestFastifyApplication,
  config: SettingValues<S>,
): Promise<void> {
  await app.init();
  await app.startAllMicroservices();
  await service.http?.(app, config);
}
