import { randomBytes } from 'node:crypto';
import type { LocalJson } from '../local-json/local-json.js';

/** What a person reads when everything is ready: where it is, and two lines that work when pasted. */
export function welcome(local: LocalJson, logDir: string): string {
  const inbox = `agent-${randomBytes(2).toString('hex')}`;
  const post = (path: string, body: unknown): string =>
    `curl -sS -X POST ${local.gateway_url}${path} -H 'Authorization: Bearer ${local.api_key}' -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`;
  const mail = { to: 'success@simulator.amazonses.com', subject: 'Hello', text: 'Sent by Postern.' };
  const amazon = local.aws_sandbox_url
    ? `${local.aws_sandbox_url}/_sandbox/ shows what was sent; nothing leaves this machine`
    : 'mail goes to the real Amazon SES of your AWS settings';
  return `
Postern is ready at ${local.gateway_url} (API reference: ${local.gateway_url}/docs)

  API key   ${local.api_key}
  Mail      ${amazon}
  Logs      ${logDir}

Make an inbox, then send from it:

  ${post('/v1/inboxes', { slug: inbox })}

  ${post(`/v1/inboxes/${inbox}/messages`, mail)}

Ctrl-C stops everything; the data stays.
`;
}
