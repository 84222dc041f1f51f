/** Every code that an error reply can carry, with its status and when it comes; `message` says what to do. */
export const ERROR_CODES = {
  bad_request: { status: 400, when: 'The request cannot be read: JSON, URL or a header is malformed.' },
  unauthorized: { status: 401, when: 'No key, or one that is unknown, revoked or expired.' },
  credits_exhausted: { status: 402, when: 'The quota of the organization is used up.' },
  forbidden: { status: 403, when: 'The key lacks the scope for this call.' },
  level_insufficient: { status: 403, when: 'The security level of the inbox does not allow sending.' },
  not_found: { status: 404, when: 'Absent, or of another organization or mode.' },
  address_taken: { status: 409, when: 'Another inbox has this address, or the domain is there already.' },
  approval_outdated: { status: 409, when: 'The decision names another version of the message.' },
  idempotency_conflict: { status: 409, when: 'The idempotency key was used with another body.' },
  idempotency_in_progress: { status: 409, when: 'A call with this idempotency key is still running.' },
  inbox_paused: { status: 409, when: 'The inbox is paused.' },
  invalid_state: { status: 409, when: 'What the call asks for does not fit the current state.' },
  stale_thread: { status: 409, when: 'The thread has a newer message.' },
  events_expired: { status: 410, when: 'The cursor is before the oldest retained event.' },
  payload_too_large: { status: 413, when: 'The body, an attachment or the resulting mail is over its limit.' },
  unsupported_media_type: { status: 415, when: 'The body is not application/json.' },
  validation_error: { status: 422, when: 'Fields are wrong; details.issues names all of them.' },
  recipients_blocked: { status: 422, when: 'Recipients are suppressed or on a list; details.recipients names them.' },
  rate_limited: { status: 429, when: 'Too many calls or messages; Retry-After says how long to wait.' },
  unavailable: { status: 503, when: 'A dependency is away; safe to retry with the same idempotency key.' },
} as const satisfies Record<string, { status: number; when: string }>;
export type ErrorCode = keyof typeof ERROR_CODES;
