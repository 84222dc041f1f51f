import type { ErrorCode } from '@postern/contracts';
import { notFound } from '@postern/platform';
import type { FrontReply } from '../front.js';
import { Problem } from '../problem.js';

/** How AgentMail says it: its status, the class of its clients and its code. */
type Words = readonly [status: number, name: string, code: string, fix?: string];

const invalid: Words = [400, 'ValidationError', 'validation_error', 'Correct what the errors name and send it again.'];
const rejected: Words = [403, 'MessageRejectedError', 'message_rejected'];
const conflict: Words = [409, 'ConflictError', 'conflict', 'Repeat the same request later, or use another key.'];
const raced: Words = [409, 'ConflictError', 'race_condition', 'Get the latest state and decide again.'];

/** Of the codes of `/v1`. The codes of its error reference are kept as they are documented; what has none gets the nearest. */
const WORDS: Record<ErrorCode | FrontCode, Words> = {
  bad_request: invalid,
  validation_error: invalid,
  unsupported_media_type: invalid,
  unauthorized: [401, 'UnauthorizedError', 'unauthorized', 'Send a valid key as Authorization: Bearer KEY.'],
  forbidden: [403, 'ForbiddenError', 'forbidden', 'Use a key that may do this.'],
  credits_exhausted: [403, 'LimitExceededError', 'limit_exceeded'],
  level_insufficient: rejected,
  inbox_paused: rejected,
  recipients_blocked: rejected,
  message_rejected: rejected,
  address_taken: [403, 'IsTakenError', 'resource_taken', 'Choose another name.'],
  not_found: [404, 'NotFoundError', 'not_found', 'Check the id, and what the key may see.'],
  idempotency_conflict: conflict,
  idempotency_in_progress: conflict,
  stale_thread: raced,
  invalid_state: raced,
  approval_outdated: raced,
  events_expired: invalid,
  payload_too_large: [413, 'PayloadTooLargeError', 'unprocessable', 'Send less.'],
  unprocessable: [422, 'UnprocessableError', 'unprocessable'],
  rate_limited: [429, 'RateLimitError', 'rate_limit_exceeded', 'Wait as long as Retry-After says.'],
  unavailable: [503, 'ServiceUnavailableError', 'service_unavailable', 'Try again after a short while.'],
};
/** Of what is forbidden, because no scope of the key covers it. */
const MISSING: Words = [403, 'ForbiddenError', 'missing_permission', 'Use a key with the permission for it.'];
const INTERNAL: Words = [500, 'InternalServerError', 'internal_error', 'Try again.'];

/** Codes that the front itself refuses with. */
type FrontCode = 'message_rejected' | 'unprocessable';

const isKnown = (code: string): code is keyof typeof WORDS => Object.hasOwn(WORDS, code);

function wordsFor({ code, details }: Problem): Words {
  if (code === 'forbidden' && 'scope' in details) return MISSING;
  return isKnown(code) ? WORDS[code] : INTERNAL;
}

/** A refusal in the shape of AgentMail's errors. `docs` leads to what its reference says of the code. */
export function refusal(problem: Problem): FrontReply {
  const [status, name, code, fix] = wordsFor(problem);
  const body = {
    name,
    code,
    message: messageOf(problem),
    ...(fix !== undefined && { fix }),
    docs: `https://docs.agentmail.to/errors#${code}`,
    ...(status === invalid[0] && { errors: problem.issues }),
  };
  return { status, body };
}

/** Who was refused and why stands in no field of its own there. */
function messageOf({ code, message, details }: Problem): string {
  if (code !== 'recipients_blocked') return message;
  const recipients = details['recipients'] as { address: string; reason: string }[];
  return `${message} ${recipients.map(({ address, reason }) => `${address}: ${reason}`).join('; ')}.`;
}

/** Also for what is there, but not where the path looks for it. */
export const absent = (): Problem => Problem.from(notFound());

/** A field of the request that is wrong, or that nothing here can do. */
export const wrong = (path: string, message: string): Problem =>
  new Problem(422, 'validation_error', 'The request is not valid; see errors.', { issues: [{ path, message }] });
