import { z } from 'zod';
import { AttachmentId } from '../../ids.js';
import { AttachmentDetails, Filename } from '../attachment.js';
import { LinkQuery } from './link-query.js';
import { defineRoute } from './route.js';

const tag = 'Attachments';
const one = { params: z.strictObject({ id: AttachmentId }), subject: 'attachment' } as const;

export const UploadAttachmentRoute = defineRoute({
  id: 'upload_attachment',
  method: 'POST',
  path: '/v1/attachments',
  tag,
  scope: 'messages:write',
  summary: 'Upload a file for messages to come',
  description:
    'At most 25 MiB, as the part `file` of `multipart/form-data`, or as the body itself with `filename` in the query. Name its `id` in the attachments of a message. A key that is bound to inboxes can use its own uploads only. An upload is kept for 30 days; what a draft or a message takes along is theirs. With an idempotency key, the same body is the same content, name and type.',
  query: z.strictObject({
    filename: Filename.optional().meta({ description: 'Name of the file, when the body is the file itself' }),
  }),
  status: 201,
  response: AttachmentDetails,
  takesFile: true,
});

export const GetAttachmentRoute = defineRoute({
  id: 'get_attachment',
  method: 'GET',
  path: '/v1/attachments/{id}',
  tag,
  scope: 'messages:read',
  summary: 'Get what is known of an attachment',
  description: 'Attachments of a withheld message need the scope `messages:read_withheld`.',
  ...one,
  status: 200,
  response: AttachmentDetails,
});

export const GetAttachmentContentRoute = defineRoute({
  id: 'get_attachment_content',
  method: 'GET',
  path: '/v1/attachments/{id}/content',
  tag,
  scope: 'messages:read',
  summary: 'Download an attachment',
  description:
    'Answered with a redirect to a signed link, which needs no key and ends after an hour; whoever has the link can download. Always a download, never shown inside a page. Attachments of a withheld message need the scope `messages:read_withheld`.',
  ...one,
  query: LinkQuery,
  status: 200,
  produces: 'application/octet-stream',
  response: z.custom<AsyncIterable<Uint8Array> | null>(),
  signedLink: 'redirects',
});
