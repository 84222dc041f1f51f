import { PayloadError } from './errors.js';
import type { PosternEvent } from './generated/events.js';
import {
  headerOf,
  type RawBody,
  verifySignature,
  type VerifyOptions,
  type WebhookHeaders,
} from './verify-signature.js';

/**
 * Verifies a webhook call and returns its event.
 * @param payload  the body as it came, before any parser.
 * @param secret  of the endpoint; several while they rotate.
 * @returns the event, discriminated by `type`. A newer Postern may have types that this version does not know: let
 * `switch` have a `default`. Fields are those of the contract at the least.
 * @throws WebhookError: one of its subclasses says why; TypeError when the body was parsed already.
 */
export function verifyWebhook(
  payload: RawBody,
  headers: WebhookHeaders,
  secret: string | readonly string[],
  options?: VerifyOptions,
): PosternEvent {
  verifySignature(payload, headers, secret, options);
  const event = parsed(typeof payload === 'string' ? payload : Buffer.from(payload).toString('utf8'));
  if (!isEvent(event) || event.id !== headerOf(headers, 'webhook-id')) throw new PayloadError();
  return event;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PayloadError({ cause });
  }
}

/** The frame is looked at; what is in `data` was said by Postern, and its word is taken. */
function isEvent(value: unknown): value is PosternEvent {
  if (typeof value !== 'object' || value === null) return false;
  const { id, type, sequence, data } = value as Partial<Record<keyof PosternEvent, unknown>>;
  const isFrame = typeof id === 'string' && typeof type === 'string' && typeof sequence === 'number';
  return isFrame && typeof data === 'object' && data !== null;
}
