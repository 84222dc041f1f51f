import { AppError } from './app-error.js';

type Details = Record<string, unknown>;

/** One problem of a request. `path` reads like code: `to[0].address`; empty is the body itself. */
export interface Issue {
  path: string;
  message: string;
}

export type BlockReason =
  'suppressed_bounce' | 'suppressed_complaint' | 'suppressed_manual' | 'block_list' | 'not_allowed';

/** Codes of status 409. */
export type ConflictCode =
  | 'inbox_paused'
  | 'address_taken'
  | 'idempotency_conflict'
  | 'idempotency_in_progress'
  | 'stale_thread'
  | 'invalid_state'
  | 'approval_outdated';

const permanent = (httpStatus: number, code: string, message: string, details?: Details): AppError =>
  new AppError({ code, message, httpStatus, temporary: false, ...(details && { details }) });

export const badRequest = (message: string, details?: Details): AppError =>
  permanent(400, 'bad_request', message, details);

/** One text for every reason, so that nobody learns which keys exist. */
export const unauthorized = (): AppError =>
  permanent(401, 'unauthorized', 'Send a valid API key in the header Authorization: Bearer KEY.');

export const creditsExhausted = (details?: Details): AppError =>
  permanent(
    402,
    'credits_exhausted',
    "The organization's credits are used up; raise the limit or wait for the next period.",
    details,
  );

export const levelInsufficient = (): AppError =>
  permanent(
    403,
    'level_insufficient',
    'Raise the security level of this inbox to guarded_send or full_lockdown to send from it.',
  );

export const forbidden = (message = 'Use a key that has the scope for this call.', details?: Details): AppError =>
  permanent(403, 'forbidden', message, details);

/** Absent, and belonging to somebody else, are never told apart. */
export const notFound = (what = 'resource'): AppError =>
  permanent(
    404,
    'not_found',
    `There is no such ${what}; check the id, and that the key belongs to its organization and mode.`,
  );

export const conflict = (
  code: ConflictCode,
  message: string,
  more: { details?: Details; retryAfterSeconds?: number } = {},
): AppError =>
  new AppError({ code, message, httpStatus: 409, temporary: more.retryAfterSeconds !== undefined, ...more });

export const eventsExpired = (details?: Details): AppError =>
  permanent(
    410,
    'events_expired',
    'The cursor is older than the retained events; start again from the oldest one.',
    details,
  );

export const payloadTooLarge = (message = 'Send a smaller body.', details?: Details): AppError =>
  permanent(413, 'payload_too_large', message, details);

export const unsupportedMediaType = (message = 'Send the body as application/json.'): AppError =>
  permanent(415, 'unsupported_media_type', message);

export const validationError = (issues: readonly Issue[]): AppError =>
  permanent(422, 'validation_error', 'Correct the fields in details.issues and send the request again.', { issues });

export const recipientsBlocked = (recipients: readonly { address: string; reason: BlockReason }[]): AppError =>
  permanent(
    422,
    'recipients_blocked',
    'Leave out the recipients in details.recipients; on_blocked_recipient: skip does that while others remain.',
    {
      recipients,
    },
  );

export const rateLimited = (
  retryAfterSeconds: number,
  message = 'Too many requests; wait as long as Retry-After says.',
  details?: Details,
): AppError =>
  new AppError({
    code: 'rate_limited',
    message,
    httpStatus: 429,
    temporary: true,
    retryAfterSeconds,
    ...(details && { details }),
  });

/** A dependency is away. `cause` is for the log. */
export const unavailable = (
  message = 'A part of the service is away for the moment; send the request again with the same idempotency key.',
  more: { cause?: unknown; retryAfterSeconds?: number } = {},
): AppError =>
  new AppError({ code: 'unavailable', message, httpStatus: 503, temporary: true, retryAfterSeconds: 1, ...more });

/** Our bug. `cause` is for the log. */
export const internal = (cause?: unknown): AppError =>
  new AppError({
    code: 'internal',
    message: 'Something went wrong on our side; try again, and report the request id if it stays.',
    httpStatus: 500,
    temporary: false,
    cause,
  });
