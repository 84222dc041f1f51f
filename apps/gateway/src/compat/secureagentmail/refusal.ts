import type { FrontReply } from '../front.js';
import type { Problem } from '../problem.js';

const INVALID = { code: 'validation_error', status: 422 } as const;

/** Codes that this system has no word for, and that all say: change the request. The others are its own, or nobody's. */
const TRANSLATED: Readonly<Record<string, typeof INVALID>> = {
  bad_request: INVALID,
  address_taken: INVALID,
  approval_outdated: INVALID,
  invalid_state: INVALID,
  payload_too_large: INVALID,
  recipients_blocked: INVALID,
  unsupported_media_type: INVALID,
};

/** `{"error": {"code", "message", "status"}}`; what `/v1` says in detail comes with it. */
export function refusal(problem: Problem): FrontReply {
  const { code, status } = TRANSLATED[problem.code] ?? problem;
  const { details } = problem;
  const more = Object.keys(details).length === 0 ? {} : { details };
  return { status, body: { error: { code, message: messageOf(problem), status, ...more } } };
}

/** One sentence is all that clients of this system read, so it names each field. */
const messageOf = ({ message, issues }: Problem): string =>
  issues.length === 0 ? message : issues.map((issue) => `${issue.path}: ${issue.message}`).join('; ');
