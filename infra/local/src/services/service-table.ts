import { repositoryPath } from '../config/repository.js';
import { LOOPBACK } from '../data-dir/ports.js';
import type { ServiceContext, ServiceDefinition } from './service-definition.js';

/** How long after an unknown answer of SES the runner's delivery decides; 600 in production. Short, so that it is seen. */
const IN_DOUBT_SECONDS = '15';
/** How long after its death a caller of SES is noticed; 30 in production. A call on this machine takes milliseconds. */
const LEASE_SECONDS = '10';
/** SMTP connections and messages in a minute: more than one machine can send. */
const UNLIMITED = '100000000';
/** The local organization has no limits; tests and measurements share it. */
const MANY_ENDPOINTS = '10000';
const MANY_STREAMS = '10000';

type Particulars = Pick<ServiceDefinition, 'ports' | 'settings'>;

function service(name: string, particulars: Partial<Particulars> = {}): ServiceDefinition {
  return {
    name,
    script: repositoryPath(`apps/${name}/dist/main.js`),
    migrateScript: repositoryPath(`apps/${name}/dist/migrate.js`),
    migrateInputs: [`apps/${name}/dist`, 'libs/platform/dist', 'libs/eventing/dist'].map(repositoryPath),
    ports: [],
    settings: () => ({}),
    ...particulars,
  };
}

/** The six services, as in production. The first one is the gateway; its HTTP port is the one a person asks for. */
export const SERVICES: readonly ServiceDefinition[] = [
  service('gateway', {
    ports: ['http'],
    settings: ({ ports, rootKey }) => ({
      PORT: String(ports.http),
      POSTERN_ROOT_KEY: rootKey,
      GATEWAY_STREAMS_PER_ORGANIZATION: MANY_STREAMS,
    }),
  }),
  service('messaging'),
  service('security-scan'),
  service('delivery', {
    settings: ({ aws }) => ({
      ...aws,
      DELIVERY_IN_DOUBT_SECONDS: IN_DOUBT_SECONDS,
      DELIVERY_LEASE_SECONDS: LEASE_SECONDS,
    }),
  }),
  service('ingest', { ports: ['http', 'smtp'], settings: ingestSettings }),
  service('webhooks', {
    settings: () => ({ WEBHOOKS_TARGETS: 'loopback', WEBHOOKS_PER_ORGANIZATION: MANY_ENDPOINTS }),
  }),
];

function ingestSettings({ ports, aws }: ServiceContext): Record<string, string> {
  return {
    PORT: String(ports.http),
    PUBLIC_URL: `http://${LOOPBACK}:${ports.http}`,
    SMTP_HOST: LOOPBACK,
    SMTP_PORT: String(ports.smtp),
    // All mail of the sandbox and of load tests comes from one address and is for one organization.
    SMTP_CLIENT_CONNECTIONS_PER_MINUTE: UNLIMITED,
    SMTP_CLIENT_MESSAGES_PER_MINUTE: UNLIMITED,
    SMTP_TENANT_MESSAGES_PER_MINUTE: UNLIMITED,
    ...aws,
  };
}
