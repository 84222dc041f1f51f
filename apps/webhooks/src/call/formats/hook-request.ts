import type { WebhookFormat } from '@postern/contracts';
import { signatureHeader } from '../signature.js';
import { agentMail } from './agentmail.js';
import { agentSend } from './agentsend.js';
import type { Format, HookCall, HookRequest } from './format.js';
import { secureAgentMail } from './secureagentmail.js';
import { sendook } from './sendook.js';
import { sentvia } from './sentvia.js';

const standard: Format = ({ event }) => ({ body: JSON.stringify(event), headers: {} });

const FORMATS: Record<WebhookFormat, Format> = {
  standard,
  secureagentmail: secureAgentMail,
  agentsend: agentSend,
  sentvia,
  sendook,
  agentmail: agentMail,
};

/** The call in its format, with the headers of Standard Webhooks over the body as it is sent: receivers can always check those. */
export function hookRequest(format: WebhookFormat, call: HookCall): HookRequest {
  const { body, headers } = FORMATS[format](call);
  const { secrets, timestamp } = call;
  const { id } = call.event;
  return {
    body,
    headers: {
      ...headers,
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatureHeader(secrets, { id, timestamp, body }),
    },
  };
}
