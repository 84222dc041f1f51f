import { kindOf } from './draft-kind.js';
import type { DraftJson } from './find-draft.js';
import { addressList, previewOf, shownAttachment } from './message.js';
import { present } from './words.js';

/** A draft as its clients know it. @param inboxId  the address of its inbox. */
export const shownDraft = (draft: DraftJson, inboxId: string): object =>
  present({
    inbox_id: inboxId,
    draft_id: draft.id,
    labels: draft.labels,
    reply_to: addressList(draft.reply_to),
    to: addressList(draft.to),
    cc: addressList(draft.cc),
    bcc: addressList(draft.bcc),
    subject: draft.subject,
    preview: previewOf(draft.text),
    text: draft.text,
    html: draft.html,
    attachments: draft.attachments.length === 0 ? undefined : draft.attachments.map(shownAttachment),
    ...kindOf(draft),
    reply_all: undefined,
    references: draft.references.length === 0 ? undefined : draft.references,
    updated_at: draft.updated_at,
    created_at: draft.created_at,
  });
