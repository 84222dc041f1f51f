import { MessageStatusChangedV1, newId } from '@postern/contracts';

/** What messaging says when a small message was sent; its event weighs about 1 KB. */
export function changedMessage(organizationId: string, inboxId: string): object {
  const at = new Date().toISOString();
  const address = 'ann@example.com';
  const data = {
    version: 3,
    announce: 'message.sent',
    recipient: null,
    message: {
      id: newId('msg'),
      organization_id: organizationId,
      inbox_id: inboxId,
      thread_id: newId('thr'),
      direction: 'outbound',
      from: { address: 'agent@example.org', name: 'Agent' },
      to: [{ address, name: 'Ann' }],
      cc: [],
      bcc: [],
      reply_to: [],
      subject: 'Your order is on its way',
      labels: [],
      metadata: {},
      attachments: [],
      has_attachments: false,
      delivery: 'email',
      delivery_status: 'sent',
      security_status: 'clean',
      security: { risk_score: 0, summary: 'Nothing was found.', detections: [], triggered_policy: null },
      recipients: [{ address, role: 'to', status: 'sent', reason: null, smtp_response: null, updated_at: at }],
      approval: null,
      message_id_header: '<order@example.org>',
      own_message_id: '<order@example.org>',
      provider_message_id: null,
      in_reply_to: null,
      references: [],
      authentication: null,
      kinds: [],
      client_id: null,
      send_at: null,
      created_at: at,
      updated_at: at,
    },
  };
  return MessageStatusChangedV1.data.parse(data);
}
