import { CreditEntry, Credits, ListCreditEntriesQuery } from '../credits.js';
import { pageOf } from '../page.js';
import { defineRoute } from './route.js';

const tag = 'Credits';
const scope = 'usage:read';

export const GetCreditsRoute = defineRoute({
  id: 'get_credits',
  method: 'GET',
  path: '/v1/credits',
  tag,
  scope,
  summary: 'Get what is used and what remains this month',
  description:
    'One credit for each outbound message and each scanned inbound one; nothing in test mode. A message that ends without having been sent is given back.',
  status: 200,
  response: Credits,
});

export const ListCreditEntriesRoute = defineRoute({
  id: 'list_credit_entries',
  method: 'GET',
  path: '/v1/credits/ledger',
  tag,
  scope,
  wholeOrganization: true,
  summary: 'List movements of credits, newest first',
  query: ListCreditEntriesQuery,
  status: 200,
  response: pageOf(CreditEntry),
});
