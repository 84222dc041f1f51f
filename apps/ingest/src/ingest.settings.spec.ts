import { expect, test } from '@jest/globals';
import { loadSettings, SettingsError } from '@postern/platform';
import { ingestSettings, refuseHalfCertificate, refuseSandboxInProduction } from './ingest.settings.js';

const REQUIRED = {
  DATABASE_URL: 'postgres://ingest:secret@db/postern',
  NATS_URL: 'nats://nats',
  CONTENT_STORE_URL: 'file:///content',
  POSTERN_DOMAIN: 'agents.example.com',
  PUBLIC_URL: 'https://ingest.example.com',
  SNS_EVENTS_TOPIC_ARN: 'arn:aws:sns:eu-central-1:123456789012:postern-events',
  SNS_INBOUND_TOPIC_ARN: 'arn:aws:sns:eu-west-1:123456789012:postern-inbound',
};
const SANDBOX = { SNS_SANDBOX_CERT_ORIGIN: 'http://127.0.0.1:4566' };

test('production trusts no sandbox', () => {
  const load = (more: object) => loadSettings(ingestSettings, { ...REQUIRED, ...more });
  expect(() => refuseSandboxInProduction(load(SANDBOX))).toThrow(SettingsError);
  expect(() => refuseSandboxInProduction(load({ SES_INBOUND_BUCKETS: '*' }))).toThrow(SettingsError);
  expect(() => refuseSandboxInProduction(load({ SES_INBOUND_BUCKETS: 'one, two' }))).not.toThrow();
  expect(() => refuseSandboxInProduction(load({}))).not.toThrow();
  expect(() => refuseSandboxInProduction(load({ ...SANDBOX, POSTERN_ENV: 'local' }))).not.toThrow();
});

test('a certificate has both its halves', () => {
  const load = (more: object) => loadSettings(ingestSettings, { ...REQUIRED, ...more });
  expect(() => refuseHalfCertificate(load({ SMTP_TLS_KEY_FILE: 'key.pem' }))).toThrow(SettingsError);
  expect(() => refuseHalfCertificate(load({ SMTP_TLS_CERT_FILE: 'cert.pem' }))).toThrow(SettingsError);
  expect(() => refuseHalfCertificate(load({}))).not.toThrow();
});

test.each([
  ['SNS_EVENTS_TOPIC_ARN', 'arn:aws:sqs:eu-central-1:123456789012:queue'],
  ['SNS_EVENTS_TOPIC_ARN', 'arn:aws:sns:eu-central-1:123456789012:queue.fifo'],
  ['SNS_SANDBOX_CERT_ORIGIN', 'http://127.0.0.1:4566/'],
  ['SNS_SANDBOX_CERT_ORIGIN', 'http://user@127.0.0.1'],
  ['SMTP_PORT', '70000'],
  ['SES_INBOUND_BUCKETS', 'one,Two'],
])('%s=%s is refused', (name, value) => {
  expect(() => loadSettings(ingestSettings, { ...REQUIRED, [name]: value })).toThrow(new RegExp(`^${name}: `));
});
