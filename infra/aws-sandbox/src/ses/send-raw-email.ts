import { AwsError } from '../http/aws-error.js';
import { isBase64 } from '../http/base64.js';
import type { QueryParams } from '../http/query-protocol.js';
import type { Mailbox, TakenMessage } from '../mailbox/mailbox.js';
import type { SandboxState } from '../state/state.js';
import { headerAddresses, readAddress } from './address.js';
import { mailObject } from './event-records.js';
import type { MailObject } from './event-records.js';
import { maySendFrom } from './identities.js';
import { createSesId, messageIdHeader } from './message-id.js';
import { isSimulated } from './outcomes.js';
import { asSent, headerValue, readRawMessage } from './raw-message.js';
import type { RawMessage } from './raw-message.js';
import type { SendingQuota } from './sending-quota.js';

// SES developer guide, "Service quotas": 10 MB for the v1 API, 50 recipients per message.
const MAX_MESSAGE_BYTES = 10 * 1024 * 1024;
const MAX_RECIPIENTS = 50;
// SES API v1 reference, MessageTag: these characters, fewer than 256.
const TAG = /^[A-Za-z0-9_-]{1,255}$/;

const readRaw = (params: QueryParams): Buffer => {
  const data = params.need('RawMessage.Data');
  if (!isBase64(data)) throw new AwsError('InvalidParameterValue', 'RawMessage.Data is not base64.');
  const raw = Buffer.from(data, 'base64');
  if (raw.length > MAX_MESSAGE_BYTES) {
    throw new AwsError(
      'InvalidParameterValue',
      `Message length is more than ${MAX_MESSAGE_BYTES} bytes long: '${raw.length}'.`,
    );
  }
  return raw;
};

const readTags = (params: QueryParams, message: RawMessage): Record<string, string> => {
  const given = params.structures('Tags').map((tag) => [tag.get('Name') ?? '', tag.get('Value') ?? ''] as const);
  // SES developer guide, "Specifying message tags": with both, only the parameter counts.
  const header = headerValue(message, 'x-ses-message-tags');
  const pairs =
    given.length > 0 || !header
      ? given
      : header.split(',').map((pair) => {
          const [name = '', value = ''] = pair.split('=', 2);
          return [name.trim(), value.trim()] as const;
        });
  const tags: Record<string, string> = {};
  for (const [name, value] of pairs) {
    if (!TAG.test(name)) throw new AwsError('InvalidParameterValue', `Invalid tag name <${name}>.`);
    if (!TAG.test(value)) throw new AwsError('InvalidParameterValue', `Invalid tag value <${value}>.`);
    if (name in tags) throw new AwsError('InvalidParameterValue', `Duplicate tag name <${name}>.`);
    tags[name] = value;
  }
  return tags;
};

const readRecipients = (params: QueryParams, message: RawMessage): string[] => {
  const given = params.list('Destinations');
  const headers = ['to', 'cc', 'bcc'].flatMap((name) => headerAddresses(headerValue(message, name) ?? ''));
  const recipients = (given.length > 0 ? given : headers).map(readAddress);
  if (recipients.length === 0) throw new AwsError('InvalidParameterValue', "Missing required header 'To'.");
  if (recipients.length > MAX_RECIPIENTS) {
    throw new AwsError('MessageRejected', `Recipient count exceeds ${MAX_RECIPIENTS}.`);
  }
  return recipients;
};

const requireVerified = (state: SandboxState, addresses: readonly string[], region: string): void => {
  const refused = [...new Set(addresses)].filter((address) => !maySendFrom(state, address));
  if (refused.length === 0) return;
  throw new AwsError(
    'MessageRejected',
    `Email address is not verified. The following identities failed the check in region ${region.toUpperCase()}: ${refused.join(', ')}`,
  );
};

/**
 * Takes one SendRawEmail call, or refuses it with the code SES has for that.
 * @returns the stored message and the `mail` object of its events.
 * @throws AwsError; nothing is stored then, and no quota is used.
 */
export const takeRawEmail = (
  params: QueryParams,
  { state, mailbox, quota, region }: { state: SandboxState; mailbox: Mailbox; quota: SendingQuota; region: string },
): { message: TakenMessage; mail: MailObject } => {
  const raw = readRaw(params);
  const submitted = readRawMessage(raw);
  const from = headerAddresses(headerValue(submitted, 'from') ?? '').map(readAddress);
  const source = readAddress(params.get('Source') ?? from[0] ?? '');
  const destinations = readRecipients(params, submitted);
  const tags = readTags(params, submitted);
  const configurationSet =
    params.get('ConfigurationSetName') ?? headerValue(submitted, 'x-ses-configuration-set') ?? null;
  if (configurationSet !== null && !state.configurationSets[configurationSet]) {
    throw new AwsError('ConfigurationSetDoesNotExist', `Configuration set <${configurationSet}> does not exist.`);
  }
  requireVerified(state, [source, ...from], region);
  quota.take(destinations.length, destinations.filter((address) => !isSimulated(address)).length);

  const at = new Date();
  const messageId = createSesId(region, at);
  const sent = asSent(submitted, messageIdHeader(region, messageId), at);
  const message = mailbox.add({ messageId, source, destinations, tags, configurationSet, raw: sent, at });
  return { message, mail: mailObject(submitted, message, region) };
};
