import { fileURLToPath } from 'node:url';
import type { ChildProgram, ServiceDefinition } from '@postern/platform';
import { SecurityScanModule } from '../src/security-scan.module.js';
import { securityScanService } from '../src/security-scan.service.js';

/** The process that reads attachments, run from its sources: a test never sees a stale build. */
export const EXTRACTOR_FROM_SOURCES: ChildProgram = {
  entry: new URL('../src/extract/process/main.ts', import.meta.url),
  service: new URL('../', import.meta.url),
  execArgv: [
    '--experimental-transform-types',
    '--import',
    fileURLToPath(new URL('../../../libs/testing/jest/run-sources.mjs', import.meta.url)),
  ],
};

/** The service as it is deployed, but for the process that reads attachments. */
export const scanServiceFromSources: ServiceDefinition<typeof securityScanService.settings> = {
  ...securityScanService,
  module: (config) => SecurityScanModule.forRoot(config, EXTRACTOR_FROM_SOURCES),
};
