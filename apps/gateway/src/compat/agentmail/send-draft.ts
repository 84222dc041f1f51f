import { DeleteDraftRoute, ForwardRoute, ReplyRoute, SendDraftRoute } from '@postern/contracts';
import type { MessageJson } from '../get-message.js';
import type { V1 } from '../v1.js';
import { kindOf } from './draft-kind.js';
import type { DraftJson } from './find-draft.js';
import { SCAN_SECONDS } from './sends.js';
import { present } from './words.js';

const waitSeconds = SCAN_SECONDS;

const orAbsent = <T>(list: T[]): T[] | undefined => (list.length === 0 ? undefined : list);

/** What a draft says, as an answer or a forward says it. */
const contentOf = (draft: DraftJson) =>
  present({
    cc: orAbsent(draft.cc),
    bcc: orAbsent(draft.bcc),
    reply_to: orAbsent(draft.reply_to),
    subject: draft.subject,
    text: draft.text,
    html: draft.html,
    labels: orAbsent(draft.labels),
    attachments: orAbsent(draft.attachments.map((file) => present({ id: file.id, content_id: file.content_id }))),
  });

/**
 * Sends a draft. An answer or a forward takes from its message what the draft leaves to it; of such a draft only one mail is
 * ever made, because the draft's id is its idempotency key, also when it is sent again before it could be deleted.
 * @throws Problem a refusal.
 */
export async function sendDraft(v1: V1, draft: DraftJson): Promise<MessageJson> {
  const { in_reply_to: answered, forward_of: forwarded, reply_all } = kindOf(draft);
  const again = { idempotencyKey: draft.id, waitSeconds };
  if (answered !== undefined) {
    const body = { ...contentOf(draft), ...present({ to: orAbsent(draft.to), reply_all }) };
    return thenGone(v1, draft, await v1.ask(ReplyRoute, { params: { id: answered }, body, ...again }));
  }
  if (forwarded !== undefined) {
    const body = { ...contentOf(draft), to: draft.to };
    return thenGone(v1, draft, await v1.ask(ForwardRoute, { params: { id: forwarded }, body, ...again }));
  }
  return v1.ask(SendDraftRoute, { params: { id: draft.id }, waitSeconds });
}

async function thenGone(v1: V1, { id }: DraftJson, message: MessageJson): Promise<MessageJson> {
  await v1.ask(DeleteDraftRoute, { params: { id } });
  return message;
}
