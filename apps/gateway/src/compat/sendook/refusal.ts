import type { Issue } from '@postern/platform';
import type { FrontReply } from '../front.js';
import type { Problem } from '../problem.js';

const BAD_REQUEST = 400;
const UNAUTHORIZED = 401;
const PAYMENT_REQUIRED = 402;
const TOO_MANY_REQUESTS = 429;

/** Fields of `/v1` that have other names here; the rest is the same word. */
const NAMES: Readonly<Record<string, string>> = {
  slug: 'email',
  domain: 'email',
  display_name: 'name',
  filename: 'name',
  content_type: 'contentType',
  q: 'query',
};
const named = (path: string): string => path.replaceAll(/[a-z_]+/g, (word) => NAMES[word] ?? word);

/** One problem as its validator tells it. */
const fieldError = ({ path, message }: Issue) => ({
  type: 'field',
  path: named(path),
  msg: path === '' ? message : `${named(path)} ${message}`,
});

interface Told {
  status: number;
  code: string;
  message: string;
  errors?: readonly { msg: string }[];
}

/** The status, code and text of this system for a refusal, where it has its own. */
function toldOf({ status, code, message, details, issues }: Problem): Told {
  if (status === UNAUTHORIZED)
    return { status, code: 'auth_invalid_token', message: 'Authentication token is invalid or expired.' };
  if (code === 'validation_error') {
    const errors = issues.map(fieldError);
    return { status: BAD_REQUEST, code, message: errors.map(({ msg }) => msg).join('; ') || message, errors };
  }
  if (status === PAYMENT_REQUIRED) {
    const msg = 'Usage limit reached. Raise the credits of your organization to make more requests.';
    return { status: TOO_MANY_REQUESTS, code, message: msg, errors: [{ msg }] };
  }
  if (status === TOO_MANY_REQUESTS) {
    const isDaily = details['reason'] === 'daily_send_limit';
    return { status, code, message: isDaily ? 'Message limit reached' : 'Too many requests, please try again later.' };
  }
  return { status, code, message, ...(status === BAD_REQUEST && { errors: [{ msg: message }] }) };
}

/** Its documents say `{message, code, details}`, its code answers `{error}` or `{errors: [{msg}]}`: clients of both find theirs. */
export function refusal(problem: Problem, requestId: string): FrontReply {
  const { status, code, message, errors } = toldOf(problem);
  const { issues: _issues, ...details } = problem.details;
  return {
    status,
    body: {
      error: message,
      message,
      code,
      details: { ...details, requestId },
      ...(errors !== undefined && { errors }),
    },
  };
}
