import { z } from 'zod';
import { CreateInboxBody, Inbox, ListInboxesQuery, UpdateInboxBody } from '../inbox.js';
import { pageOf } from '../page.js';
import { InboxName } from './inbox-name.js';
import { defineRoute } from './route.js';

const tag = 'Inboxes';
const one = { params: z.strictObject({ inbox: InboxName }), subject: 'inbox' } as const;

export const CreateInboxRoute = defineRoute({
  id: 'create_inbox',
  method: 'POST',
  path: '/v1/inboxes',
  tag,
  scope: 'inboxes:write',
  wholeOrganization: true,
  summary: 'Create an inbox',
  description: 'Without a slug it gets a random readable one.',
  body: CreateInboxBody,
  status: 201,
  response: Inbox,
  errors: ['address_taken'],
  example: { slug: 'support', display_name: 'Support', security_level: 'guarded_send' },
});

export const ListInboxesRoute = defineRoute({
  id: 'list_inboxes',
  method: 'GET',
  path: '/v1/inboxes',
  tag,
  scope: 'inboxes:read',
  summary: 'List inboxes, newest first',
  query: ListInboxesQuery,
  status: 200,
  response: pageOf(Inbox),
});

export const GetInboxRoute = defineRoute({
  id: 'get_inbox',
  method: 'GET',
  path: '/v1/inboxes/{inbox}',
  tag,
  scope: 'inboxes:read',
  summary: 'Get an inbox',
  ...one,
  status: 200,
  response: Inbox,
});

export const UpdateInboxRoute = defineRoute({
  id: 'update_inbox',
  method: 'PATCH',
  path: '/v1/inboxes/{inbox}',
  tag,
  scope: 'inboxes:write',
  summary: 'Change the settings of an inbox',
  ...one,
  body: UpdateInboxBody,
  status: 200,
  response: Inbox,
  example: { display_name: 'Support team', undo_seconds: 30 },
});

export const PauseInboxRoute = defineRoute({
  id: 'pause_inbox',
  method: 'POST',
  path: '/v1/inboxes/{inbox}/pause',
  tag,
  scope: 'inboxes:write',
  summary: 'Pause an inbox',
  description: 'New sends are refused; what is queued, scheduled or approved waits; receiving goes on.',
  ...one,
  status: 200,
  response: Inbox,
});

export const ResumeInboxRoute = defineRoute({
  id: 'resume_inbox',
  method: 'POST',
  path: '/v1/inboxes/{inbox}/resume',
  tag,
  scope: 'inboxes:write',
  summary: 'Resume a paused inbox',
  description:
    'What waited is sent. Of an inbox that was paused because too much of its mail bounced or led to complaints (`paused_reason`), counting begins anew.',
  ...one,
  status: 200,
  response: Inbox,
});
