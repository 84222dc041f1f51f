import { SNSClient } from '@aws-sdk/client-sns';
import { awsCredentials, awsPatience } from '@postern/platform';
import type { IngestConfig } from '../ingest.settings.js';
import { TOPIC_ARN } from '../sns/sns-message.js';

/** Injects one client for each topic, of the region in its ARN: SES may receive in another region than it sends from. */
export const SNS_CLIENTS = Symbol('SNS_CLIENTS');

const ATTEMPTS_MAX = 2;
const STEP_MAX_MS = 5_000;

/** Credentials come from the settings, or else from where the SDK looks by itself (instance or pod role). */
export function createSnsClients(config: IngestConfig): ReadonlyMap<string, SNSClient> {
  return new Map(
    [config.SNS_EVENTS_TOPIC_ARN, config.SNS_INBOUND_TOPIC_ARN].map((topicArn) => [
      topicArn,
      new SNSClient({
        region: TOPIC_ARN.exec(topicArn)?.[2] ?? '',
        maxAttempts: ATTEMPTS_MAX,
        requestHandler: awsPatience({ connectMs: STEP_MAX_MS, answerMs: STEP_MAX_MS, idleMs: STEP_MAX_MS }),
        ...(config.AWS_ENDPOINT_URL_SNS !== undefined && { endpoint: config.AWS_ENDPOINT_URL_SNS }),
        ...awsCredentials(config),
      }),
    ]),
  );
}
