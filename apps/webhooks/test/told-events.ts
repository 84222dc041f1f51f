import { newId, type PublicEvent, type Recipient } from '@postern/contracts';
import { summaryOf } from '@postern/testing';

/** When all of them happened. */
export const AT = '2026-11-21T13:25:59.123Z';
export const attachment = {
  id: newId('att'),
  filename: 'a.pdf',
  content_type: 'application/pdf',
  size: 10,
  disposition: 'attachment' as const,
  content_id: null,
};
export const recipient: Recipient = {
  address: 'ann@example.com',
  role: 'to',
  status: 'bounced',
  reason: 'NoEmail',
  smtp_response: null,
  updated_at: AT,
};
export const outbound = summaryOf({ delivery_status: 'bounced', security_status: 'clean', recipients: [recipient] });
export const inbound = summaryOf({
  direction: 'inbound',
  delivery_status: 'received',
  security_status: 'clean',
  security: { risk_score: 3, summary: 'fine', detections: [], triggered_policy: null },
  from: { address: 'ann@example.com', name: 'Ann "A", x' },
  to: [
    { address: 'agent@postern.test', name: null },
    { address: 'bob@example.com', name: 'Bob' },
  ],
  attachments: [attachment],
  has_attachments: true,
  message_id_header: '<1@example.com>',
  provider_message_id: 'ses-1',
});
export const content = {
  text: 'Yes.\n> No?',
  html: null,
  text_parts: [
    { kind: 'new', text: 'Yes.\n' },
    { kind: 'quoted', text: '> No?' },
  ],
};

export const eventOf = (type: string, data: Record<string, unknown>): PublicEvent => ({
  id: newId('evt'),
  type,
  sequence: 7,
  timestamp: AT,
  organization_id: outbound.organization_id,
  mode: 'live',
  data,
});
export const about = (type: string, message: typeof inbound, more: Record<string, unknown> = {}): PublicEvent =>
  eventOf(type, { ...message, url: `/v1/messages/${message.id}`, ...more });
export const received = about('message.received', inbound, content);
export const bounced = about('message.bounced', outbound, { recipient });
