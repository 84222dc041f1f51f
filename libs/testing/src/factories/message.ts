import { newId, type MessageSummary } from '@postern/contracts';

const AT = '2026-11-21T13:25:59.123Z';

/** An outbound message as messaging's facts describe it, fresh from its acceptance; a test gives only what it is about. */
export function summaryOf(given: Partial<MessageSummary> = {}): MessageSummary {
  return {
    id: newId('msg'),
    organization_id: newId('org'),
    inbox_id: newId('inb'),
    thread_id: newId('thr'),
    direction: 'outbound',
    from: { address: 'agent@postern.test', name: 'Agent' },
    to: [{ address: 'ann@example.com', name: 'Ann' }],
    cc: [],
    bcc: [],
    reply_to: [],
    subject: 'Hello',
    labels: [],
    metadata: {},
    attachments: [],
    has_attachments: false,
    delivery: 'email',
    delivery_status: 'queued',
    security_status: 'pending',
    security: null,
    recipients: [],
    approval: null,
    message_id_header: null,
    own_message_id: null,
    provider_message_id: null,
    in_reply_to: null,
    references: [],
    authentication: null,
    kinds: [],
    client_id: null,
    send_at: null,
    created_at: AT,
    updated_at: AT,
    ...given,
  };
}
