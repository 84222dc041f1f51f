import type { FrontReply } from '../front.js';
import type { Problem } from '../problem.js';

const BAD_REQUEST = 400;

/**
 * `{error: {code, message}}`, which is what its client reads, with our codes in its spelling. Its client takes 400 for a wrong
 * request, and tells people no more than `message`.
 */
export function refusal(problem: Problem): FrontReply {
  const code = problem.code.toUpperCase();
  if (problem.code !== 'validation_error') {
    const { status, message, details } = problem;
    return { status, body: { error: { code, message, ...(Object.keys(details).length > 0 && { details }) } } };
  }
  const { issues } = problem;
  const message = issues.map(({ path, message }) => `${path} ${message}`).join('; ');
  return { status: BAD_REQUEST, body: { error: { code, message: message || problem.message, details: { issues } } } };
}
