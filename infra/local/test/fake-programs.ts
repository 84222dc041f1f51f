import { fileURLToPath } from 'node:url';
import type { ServiceDefinition } from '../src/services/service-definition.js';
import { SERVICES } from '../src/services/service-table.js';

function here(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

/** The six services and the sandbox, played by small scripts: the runner is tested without a build of the product. */
export const FAKE_PROGRAMS = {
  services: SERVICES.map((service): ServiceDefinition => ({
    ...service,
    script: here('fake-service.mjs'),
    migrateScript: here('fake-migrate.mjs'),
    migrateInputs: [],
  })),
  sandboxScript: here('fake-sandbox.mjs'),
};
