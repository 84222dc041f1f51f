import { pick, type Environment } from '../config/environment.js';

/** Whose Amazon this stack talks to, as settings of the services. */
export interface AwsPlan {
  /** Does the sandbox run? */
  readonly sandbox: boolean;
  /** For delivery and ingest. */
  readonly settings: Readonly<Record<string, string>>;
  readonly topics: { readonly events: string; readonly inbound: string };
}

const REGION = 'us-east-1';
/** The account that the sandbox plays. */
const ACCOUNT = '000000000000';

/**
 * Decides between Amazon and its sandbox. Credentials, or an endpoint for everything, mean a real one: then the services
 * get what the environment says and nothing is made up. An endpoint of one service replaces the sandbox for that one.
 */
export function planAws(environment: Environment, sandboxUrl: string): AwsPlan {
  const given = pick(environment, (name) => /^(?:AWS|SES|SNS)_/.test(name) || name === 'PUBLIC_URL');
  const real = ['AWS_ACCESS_KEY_ID', 'AWS_PROFILE', 'AWS_ENDPOINT_URL'].some((name) => given[name] !== undefined);
  const topic = (name: string): string => `arn:aws:sns:${REGION}:${ACCOUNT}:postern-${name}`;
  const settings = real
    ? given
    : {
        AWS_REGION: REGION,
        AWS_ACCESS_KEY_ID: 'sandbox',
        AWS_SECRET_ACCESS_KEY: 'sandbox',
        AWS_ENDPOINT_URL_SES: sandboxUrl,
        AWS_ENDPOINT_URL_SNS: sandboxUrl,
        AWS_ENDPOINT_URL_S3: sandboxUrl,
        AWS_SETUP: 'ensure',
        SES_CONFIGURATION_SET: 'postern',
        SES_INBOUND_BUCKETS: '*',
        SNS_EVENTS_TOPIC_ARN: topic('events'),
        SNS_INBOUND_TOPIC_ARN: topic('inbound'),
        SNS_SANDBOX_CERT_ORIGIN: sandboxUrl,
        DELIVERY_DNS_SERVERS: new URL(sandboxUrl).host,
        INGEST_DNS_SERVERS: new URL(sandboxUrl).host,
        ...given,
      };
  return {
    sandbox: !real,
    settings,
    topics: { events: settings['SNS_EVENTS_TOPIC_ARN'] ?? '', inbound: settings['SNS_INBOUND_TOPIC_ARN'] ?? '' },
  };
}
