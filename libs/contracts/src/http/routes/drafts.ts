import { z } from 'zod';
import { DraftId } from '../../ids.js';
import { CreateDraftBody, Draft, ListDraftsQuery, UpdateDraftBody } from '../draft.js';
import { Message } from '../message.js';
import { pageOf } from '../page.js';
import { InboxName } from './inbox-name.js';
import { defineRoute } from './route.js';

const tag = 'Drafts';
const ofInbox = { params: z.strictObject({ inbox: InboxName }), subject: 'inbox' } as const;
const one = { params: z.strictObject({ id: DraftId }), subject: 'draft' } as const;
const example = { subject: 'Your order', text: 'It left today.' };

export const CreateDraftRoute = defineRoute({
  id: 'create_draft',
  method: 'POST',
  path: '/v1/inboxes/{inbox}/drafts',
  tag,
  scope: 'messages:write',
  summary: 'Keep a message for later',
  description: 'A draft may lack anything; what it has is checked as in a send. Its attachments are stored at once.',
  ...ofInbox,
  body: CreateDraftBody,
  status: 201,
  response: Draft,
  example,
});

export const ListDraftsRoute = defineRoute({
  id: 'list_drafts',
  method: 'GET',
  path: '/v1/inboxes/{inbox}/drafts',
  tag,
  scope: 'messages:read',
  summary: 'List the drafts of an inbox, newest first',
  ...ofInbox,
  query: ListDraftsQuery,
  status: 200,
  response: pageOf(Draft),
});

export const GetDraftRoute = defineRoute({
  id: 'get_draft',
  method: 'GET',
  path: '/v1/drafts/{id}',
  tag,
  scope: 'messages:read',
  summary: 'Get a draft',
  ...one,
  status: 200,
  response: Draft,
});

export const UpdateDraftRoute = defineRoute({
  id: 'update_draft',
  method: 'PATCH',
  path: '/v1/drafts/{id}',
  tag,
  scope: 'messages:write',
  summary: 'Change a draft',
  description:
    'What is absent stays, null clears. `attachments` replaces all of them: name those that stay by their `id`.',
  ...one,
  body: UpdateDraftBody,
  status: 200,
  response: Draft,
  example: { to: ['Ann <ann@example.com>'], text: null, html: '<p>It left today.</p>' },
});

export const DeleteDraftRoute = defineRoute({
  id: 'delete_draft',
  method: 'DELETE',
  path: '/v1/drafts/{id}',
  tag,
  scope: 'messages:write',
  summary: 'Delete a draft',
  ...one,
  status: 204,
});

export const SendDraftRoute = defineRoute({
  id: 'send_draft',
  method: 'POST',
  path: '/v1/drafts/{id}/send',
  tag,
  scope: 'messages:send',
  summary: 'Send a draft',
  description:
    'A send like any other. The draft is gone when the message is accepted, in the same moment; when the send is refused it stays as it is.',
  prefersWait: true,
  ...one,
  status: 202,
  response: Message,
  errors: [
    'level_insufficient',
    'inbox_paused',
    'invalid_state',
    'payload_too_large',
    'recipients_blocked',
    'stale_thread',
    'credits_exhausted',
    'invalid_state',
  ],
});
