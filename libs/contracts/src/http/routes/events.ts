import { z } from 'zod';
import { ListEventsQuery, PublicEvent, StreamEventsQuery } from '../event.js';
import { pageOf } from '../page.js';
import { defineRoute } from './route.js';

export const ListEventsRoute = defineRoute({
  id: 'list_events',
  method: 'GET',
  path: '/v1/events',
  tag: 'Events',
  scope: 'events:read',
  summary: 'Read the event log, oldest first',
  description: 'Events after the sequence `after`; sequences have no gaps within an organization and mode.',
  query: ListEventsQuery,
  status: 200,
  response: pageOf(PublicEvent),
  errors: ['events_expired'],
});

export const StreamEventsRoute = defineRoute({
  id: 'stream_events',
  method: 'GET',
  path: '/v1/events/stream',
  tag: 'Events',
  scope: 'events:read',
  summary: 'Read the event log as it grows',
  description:
    'Server-sent events: `id` is the sequence, `event` the type, `data` the event as the list shows it, oldest first and ' +
    'without gaps. Begins after the sequence of the header `Last-Event-ID`, else of `after`. A comment comes when all is told, ' +
    'and while nothing happens.',
  query: StreamEventsQuery,
  status: 200,
  // The handler sends the stream itself.
  response: z.custom<null>(),
  produces: 'text/event-stream',
  errors: ['events_expired'],
});
