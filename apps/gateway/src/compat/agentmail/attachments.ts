import { type Attachment, GetAttachmentRoute } from '@postern/contracts';
import type { z } from 'zod';
import { downloadLink } from '../download-link.js';
import type { FrontReply, FrontRequest, FrontRoute } from '../front.js';
import { getMessage } from '../get-message.js';
import type { V1 } from '../v1.js';
import { findDraft } from './find-draft.js';
import { findMessage } from './find-message.js';
import { findThread } from './find-thread.js';
import { shownAttachment } from './message.js';
import { absent } from './refusal.js';
import { ok } from './words.js';

type AttachmentJson = z.input<typeof Attachment>;

const idOf = ({ params }: FrontRequest): string => params['attachment_id'] ?? '';

/** @throws Problem `not_found` when it is none of these. */
function among(attachments: readonly AttachmentJson[], request: FrontRequest): AttachmentJson {
  const found = attachments.find(({ id }) => id === idOf(request));
  if (found === undefined) throw absent();
  return found;
}

async function linked(v1: V1, { origin }: FrontRequest, attachment: AttachmentJson): Promise<FrontReply> {
  const { url, expiresAt } = await downloadLink(v1, origin, attachment.id);
  return ok({ ...shownAttachment(attachment), download_url: url, expires_at: expiresAt });
}

const ofMessage: FrontRoute = {
  method: 'GET',
  path: '/inboxes/{inbox_id}/messages/{message_id}/attachments/{attachment_id}',
  async answer(request, v1) {
    const { message } = await findMessage(v1, request);
    return linked(v1, request, among(message.attachments, request));
  },
};

const ofThread = (path: FrontRoute['path']): FrontRoute => ({
  method: 'GET',
  path,
  async answer(request, v1) {
    const { thread } = await findThread(v1, request);
    const attachment = await v1.ask(GetAttachmentRoute, { params: { id: idOf(request) } });
    const message = attachment.message_id === null ? null : await getMessage(v1, attachment.message_id);
    if (message?.thread_id !== thread.id) throw absent();
    return linked(v1, request, attachment);
  },
});

const ofDraft = (path: FrontRoute['path']): FrontRoute => ({
  method: 'GET',
  path,
  async answer(request, v1) {
    const { draft } = await findDraft(v1, request);
    return linked(v1, request, among(draft.attachments, request));
  },
});

export const attachmentRoutes: FrontRoute[] = [
  ofMessage,
  ofThread('/inboxes/{inbox_id}/threads/{thread_id}/attachments/{attachment_id}'),
  ofThread('/threads/{thread_id}/attachments/{attachment_id}'),
  ofDraft('/inboxes/{inbox_id}/drafts/{draft_id}/attachments/{attachment_id}'),
  ofDraft('/drafts/{draft_id}/attachments/{attachment_id}'),
];
