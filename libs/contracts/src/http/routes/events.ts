import { ListEventsQuery, PublicEvent } from '../event.js';
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
