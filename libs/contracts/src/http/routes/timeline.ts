import { z } from 'zod';
import { MessageId } from '../../ids.js';
import { Timeline } from '../timeline.js';
import { defineRoute } from './route.js';

export const GetMessageTimelineRoute = defineRoute({
  id: 'get_message_timeline',
  method: 'GET',
  path: '/v1/messages/{id}/timeline',
  tag: 'Messages',
  scope: 'messages:read',
  summary: 'Show everything that happened to a message, in order',
  description:
    'From acceptance or receipt over the scan, decisions of people, attempts to send and feedback to each webhook attempt. While a service is away the rest is shown, with `partial: true`.',
  params: z.strictObject({ id: MessageId }),
  subject: 'message',
  status: 200,
  response: Timeline,
});
