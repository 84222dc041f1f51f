import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { loadSettings, type Settings } from '@postern/platform';
import { parse } from 'yaml';
import { deliverySettings } from '../../apps/delivery/src/delivery.settings.js';
import { gatewaySettings } from '../../apps/gateway/src/gateway.settings.js';
import { ingestSettings } from '../../apps/ingest/src/ingest.settings.js';
import { messagingSettings } from '../../apps/messaging/src/messaging.settings.js';
import { securityScanSettings } from '../../apps/security-scan/src/security-scan.settings.js';
import { webhooksSettings } from '../../apps/webhooks/src/webhooks.settings.js';
import { readOptions } from '../aws-sandbox/src/options.js';

// No Docker engine runs where these tests do, so they check what can be read: that the files agree with the settings, the
// flags and the versions of the code.

const fileOf = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

interface Healthcheck {
  test?: readonly string[];
  disable?: boolean;
}

interface ComposeService {
  image: string;
  build?: { target: string; args?: Record<string, string> };
  command?: readonly string[];
  environment?: Record<string, unknown>;
  ports?: readonly string[];
  volumes?: readonly string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: Healthcheck;
  restart: string;
}

const compose = parse(fileOf('docker-compose.yml'), { merge: true }) as {
  services: Record<string, ComposeService>;
  volumes: Record<string, unknown>;
};
const dockerfile = fileOf('infra/docker/Dockerfile');

const SETTINGS: Readonly<Record<string, Settings>> = {
  gateway: gatewaySettings,
  messaging: messagingSettings,
  'security-scan': securityScanSettings,
  delivery: deliverySettings,
  ingest: ingestSettings,
  webhooks: webhooksSettings,
};
const SERVICES = Object.keys(SETTINGS);
const ADMIN_PORT = '9090';

const everyService = Object.entries(compose.services);
const isJob = (service: ComposeService): boolean => service.restart === 'no';
const serviceOf = (name: string): ComposeService => {
  const service = compose.services[name];
  if (service === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return service;
};
const environmentOf = (name: string): Record<string, string> => {
  const entries = Object.entries(serviceOf(name).environment ?? {});
  for (const [key, value] of entries) {
    if (typeof value !== 'string') throw new Error(`${name}: quote ${key}, so that YAML leaves it text`);
  }
  return Object.fromEntries(entries) as Record<string, string>;
};
/** The port that a container listens on, from `host:port:port`. */
const containerPort = (mapping: string): string => mapping.split(':').at(-1) ?? '';

describe('every service of docker-compose.yml', () => {
  test.each(everyService.filter(([, service]) => !isJob(service)))('%s is watched and restarted', (_, service) => {
    const test = service.healthcheck?.test ?? [];
    expect(test[0]).toBe('CMD');
    // An unquoted colon in a script would make YAML read it as a map.
    expect(test.every((part) => typeof part === 'string')).toBe(true);
    expect(service.restart).toBe('unless-stopped');
  });

  test.each(everyService)('%s has a pinned image, or one that is built here', (name, service) => {
    if (service.build === undefined) expect(service.image).toMatch(/^[a-z/]+:\d+\.\d+(\.\d+)?(-[a-z]+)?$/);
    else expect(service.image).toBe(`postern/${name.replace(/^migrate-/, '')}:local`);
    if (service.build !== undefined) expect(dockerfile).toContain(` AS ${service.build.target}\n`);
  });

  test.each(everyService)('%s waits only for what there is, and for a state that it can reach', (_, service) => {
    for (const [name, { condition }] of Object.entries(service.depends_on ?? {})) {
      expect(condition).toBe(isJob(serviceOf(name)) ? 'service_completed_successfully' : 'service_healthy');
    }
  });

  test.each(everyService)('%s mounts volumes that are declared, or files that exist', (_, service) => {
    for (const volume of service.volumes ?? []) {
      const [source = ''] = volume.split(':');
      if (source.startsWith('./')) expect(fileOf(source)).not.toBe('');
      else expect(Object.keys(compose.volumes)).toContain(source);
    }
  });

  test.each(everyService)('%s opens ports to this machine only', (_, service) => {
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  test('has a port of its own on the machine', () => {
    const ports = everyService.flatMap(([, service]) => service.ports ?? []).map((port) => port.split(':')[1]);
    expect(new Set(ports).size).toBe(ports.length);
  });
});

describe.each(SERVICES)('%s', (name) => {
  const settings = SETTINGS[name] as Settings;

  test('is built from its own workspace', () => {
    expect(serviceOf(name).build).toMatchObject({ target: 'service', args: { APP: name } });
    expect(serviceOf(`migrate-${name}`).build).toEqual(serviceOf(name).build);
  });

  test('gets only settings that it declares, and all that it needs', () => {
    const environment = environmentOf(name);
    expect(Object.keys(settings)).toEqual(expect.arrayContaining(Object.keys(environment)));
    expect(() => loadSettings(settings, environment)).not.toThrow();
  });

  test('finds database, bus and Amazon among the services', () => {
    const urls = Object.entries(environmentOf(name)).filter(([key]) => /_URL(_|$)|_ORIGIN$/.test(key));
    for (const [, text] of urls) {
      const { hostname, protocol } = new URL(text);
      if (protocol !== 'file:') expect(Object.keys(compose.services)).toContain(hostname);
    }
  });

  test('is migrated before it starts, in the role that it uses', () => {
    expect(serviceOf(name).depends_on).toHaveProperty(`migrate-${name}`);
    const migration = environmentOf(`migrate-${name}`);
    expect(Object.keys(migration).sort()).toEqual(['DATABASE_ADMIN_URL', 'DATABASE_URL']);
    expect(migration['DATABASE_URL']).toBe(environmentOf(name)['DATABASE_URL']);
    expect(new URL(migration['DATABASE_URL'] ?? '').username).toBe(`postern_${name.replaceAll('-', '_')}`);
  });

  test('is asked for its health on its admin port, and publishes ports that it opens', () => {
    const values = loadSettings(settings, environmentOf(name)) as Record<string, unknown>;
    expect(String(values['ADMIN_PORT'])).toBe(ADMIN_PORT);
    expect(serviceOf(name).healthcheck?.test?.join(' ')).toContain(`:${ADMIN_PORT}/health/ready`);
    const opened = [values['PORT'], values['SMTP_PORT']].map(String);
    for (const port of serviceOf(name).ports ?? []) expect(opened).toContain(containerPort(port));
  });

  test('shares the content store', () => {
    const store = new URL(environmentOf(name)['CONTENT_STORE_URL'] ?? '').pathname;
    expect(serviceOf(name).volumes).toContain(`content:${store}`);
    expect(dockerfile).toContain(store);
  });
});

describe('the AWS sandbox', () => {
  const flags = readOptions(serviceOf('aws-sandbox').command ?? []);
  const delivery = environmentOf('delivery');
  const ingest = environmentOf('ingest');

  test('is where delivery and ingest look for Amazon, under one origin', () => {
    const origins = [
      delivery['AWS_ENDPOINT_URL_SES'],
      ingest['AWS_ENDPOINT_URL_SNS'],
      ingest['SNS_SANDBOX_CERT_ORIGIN'],
    ];
    for (const origin of origins) expect(origin).toBe(flags.publicUrl);
    expect(new URL(flags.publicUrl ?? '').port).toBe(String(flags.port));
  });

  test('hands local mail to the SMTP port of ingest, for the domain of the inboxes', () => {
    expect(flags.smtp).toBe(`ingest:${ingest['SMTP_PORT']}`);
    expect(flags.localDomain).toBe(ingest['POSTERN_DOMAIN']);
    expect(flags.verifiedDomains).toEqual([ingest['POSTERN_DOMAIN']]);
  });

  test('publishes to the topic that ingest listens to, in the region of the topics', () => {
    expect(delivery['SNS_EVENTS_TOPIC_ARN']).toBe(ingest['SNS_EVENTS_TOPIC_ARN']);
    expect(ingest['SNS_EVENTS_TOPIC_ARN']?.split(':')[3]).toBe(delivery['AWS_REGION']);
  });

  test('is in its own image only', () => {
    const serviceStages = dockerfile.slice(dockerfile.lastIndexOf('FROM runtime AS service'));
    expect(serviceStages).not.toContain('sandbox');
  });
});

describe('versions and limits', () => {
  test('the images run the Node that the repository was tested with', () => {
    const { optionalDependencies } = JSON.parse(fileOf('package.json')) as {
      optionalDependencies: Record<string, string>;
    };
    const used = [...dockerfile.matchAll(/^FROM node:(\S+?)-slim/gm)].map(([, version]) => version);
    expect(used.length).toBeGreaterThan(0);
    expect(new Set(used)).toEqual(new Set(Object.values(optionalDependencies)));
  });

  test('nats-server has the same limits as in the local run, and brings every record to disk', () => {
    const valueIn = (path: string, name: string): string | undefined =>
      new RegExp(`^\\s*${name}: (\\S+)$`, 'm').exec(fileOf(path))?.[1];
    expect(valueIn('infra/docker/nats-server.conf', 'max_payload')).toBeDefined();
    expect(valueIn('infra/docker/nats-server.conf', 'max_payload')).toBe(
      valueIn('infra/nats/nats-server.conf', 'max_payload'),
    );
    expect(valueIn('infra/docker/nats-server.conf', 'sync_interval')).toBe('always');
  });
});
