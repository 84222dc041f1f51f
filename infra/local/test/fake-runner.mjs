// The runner as a process of its own, with small scripts for the services. First argument: the directory it is built in.
import { fileURLToPath } from 'node:url';

const [built, ...args] = process.argv.slice(2);
const { runRunner } = await import(`${built}/runner/run-runner.js`);
const { SERVICES } = await import(`${built}/services/service-table.js`);
const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const services = SERVICES.map((service) => ({
  ...service,
  script: here('fake-service.mjs'),
  migrateScript: undefined,
}));
process.exit(await runRunner(args, { services, sandboxScript: here('fake-sandbox.mjs') }));
