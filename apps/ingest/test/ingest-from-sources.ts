import { fileURLToPath } from 'node:url';
import type { ChildProgram, ServiceDefinition } from '@postern/platform';
import { IngestModule } from '../src/ingest.module.js';
import { ingestService } from '../src/ingest.service.js';

const RUN_SOURCES = fileURLToPath(new URL('../../../libs/testing/jest/run-sources.mjs', import.meta.url));

/** The process that parses mail, run from its sources: a test never sees a stale build. */
export const MAIL_READER_FROM_SOURCES: ChildProgram = {
  entry: new URL('../src/mail/process/main.ts', import.meta.url),
  service: new URL('../', import.meta.url),
  execArgv: ['--experimental-transform-types', '--import', RUN_SOURCES],
};

/** The service as it is deployed, but for the process that parses mail. */
export const ingestFromSources: ServiceDefinition<typeof ingestService.settings> = {
  ...ingestService,
  module: (config) => IngestModule.forRoot(config, MAIL_READER_FROM_SOURCES),
};
