import { SESClient } from '@aws-sdk/client-ses';
import { awsCredentials } from '@postern/platform';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type DeliveryConfig, sesRegion } from '../delivery.settings.js';
import { idleAgents } from './idle-agent.js';
import { PiecewiseQueryProtocol } from './piecewise-query.js';

const CONNECT_MS = 3_000;
/** Calls beside sending at the same time: the quota and the set-up. They must not make a send wait for a connection. */
const UPKEEP_CALLS = 2;
/** Of half a lease: the rest is for writing the result. */
const PART_OF_HALF_LEASE = 0.8;

/** How long one call may take: with the half lease before which it begins, it ends before the lease does. */
export const callTimeoutMs = (leaseSeconds: number): number => (leaseSeconds / 2) * PART_OF_HALF_LEASE * 1000;

/**
 * The client of SES. It never tries a call a second time: after a time-out or a reset the first one may have been
 * taken, and only delivery knows how to find out.
 * @throws SettingsError when only one of the two credentials is set.
 */
export function createSesClient(config: DeliveryConfig): SESClient {
  const timeoutMs = callTimeoutMs(config.DELIVERY_LEASE_SECONDS);
  return new SESClient({
    region: sesRegion(config),
    maxAttempts: 1,
    protocol: PiecewiseQueryProtocol,
    ...awsCredentials(config),
    ...(config.AWS_ENDPOINT_URL_SES !== undefined && { endpoint: config.AWS_ENDPOINT_URL_SES }),
    requestHandler: new NodeHttpHandler({
      ...idleAgents(config.DELIVERY_CONCURRENCY + UPKEEP_CALLS),
      connectionTimeout: Math.min(CONNECT_MS, timeoutMs),
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
      socketTimeout: timeoutMs,
    }),
  });
}
