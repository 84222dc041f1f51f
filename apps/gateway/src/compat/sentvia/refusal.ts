import { fieldIn, type FieldNames } from '../field-names.js';
import type { FrontReply } from '../front.js';
import { Problem } from '../problem.js';

/** Fields of `/v1` under the names that a client of Sentvia gave them. */
const FIELDS: FieldNames = [
  [/^slug$/, 'local_part'],
  [/^send_at$/, 'scheduled_at'],
  [/^q$/, 'query'],
  [/^(add|remove)_labels\[0\]$/, 'name'],
  [/^(attachments\[\d+\])\.content$/, '$1.content_base64'],
];

/** Its pages name few codes: those, and ours for what they do not know. @returns what is told beside the sentence. */
function told({ code, status, details, issues }: Problem): { status: number; error: string; [more: string]: unknown } {
  switch (code) {
    case 'validation_error':
      return {
        status: 400,
        error: 'bad_request',
        issues: issues.map(({ path, message }) => ({ path: fieldIn(FIELDS, path), message })),
      };
    case 'recipients_blocked': {
      const recipients = (details['recipients'] ?? []) as { address: string; reason: string }[];
      return {
        status,
        error: 'no_deliverable_recipients',
        blocked: recipients.map(({ address }) => address),
        recipients,
      };
    }
    case 'payload_too_large':
      return { status, error: 'attachment_too_large' };
    case 'credits_exhausted':
      return { status, error: code, upgrade: true };
    default:
      return { status, error: code };
  }
}

/** `{"error": "code", "message": …}`, with what the code brings along. */
export function refusal(problem: Problem): FrontReply {
  const { status, error, ...more } = told(problem);
  const message = more['issues'] === undefined ? problem.message : 'Correct the fields in issues and send it again.';
  return { status, body: { error, message, ...more } };
}

/** For what Sentvia documents and Postern has nothing for. @param instead  one sentence that says what to do */
export const notOffered = (instead: string): Problem => new Problem(501, 'not_offered', instead);
