import type { ServerResponse } from 'node:http';
import { InvalidInput, readFields, readString } from '../http/input.js';
import { replyJson } from '../http/reply.js';
import { settleIdentities } from '../ses/identities.js';
import type { StateStore } from '../state/state.js';
import type { Dns, DnsFault } from './dns-server.js';
import { addRecords, nameKey, readRecords, removeDomain } from './zone.js';

interface Call {
  readonly query: URLSearchParams;
  readonly body: () => Promise<unknown>;
  readonly response: ServerResponse;
}

const FAULTS: readonly DnsFault[] = ['servfail', 'silence'];

/** What the DNS holds, and what it answers instead. A new record may verify an identity at once. */
export const dnsRoutes = ({ state, save }: StateStore, dns: Dns): Record<string, (call: Call) => Promise<void>> => ({
  'GET /dns': async ({ response }) => replyJson(response, 200, { records: state.dns }),
  'POST /dns': async ({ body, response }) => {
    addRecords(state.dns, readRecords(await body()));
    settleIdentities(state);
    await save();
    replyJson(response, 200, { records: state.dns });
  },
  'DELETE /dns': async ({ query, response }) => {
    removeDomain(state.dns, readString(query.get('domain'), 'domain'));
    await save();
    response.writeHead(204).end();
  },
  'POST /dns/faults': async ({ body, response }) => {
    const fields = readFields(await body(), 'The body', ['name', 'answer']);
    const name = nameKey(readString(fields['name'], 'name'));
    const fault = FAULTS.find((one) => one === fields['answer']);
    if (fault === undefined && fields['answer'] !== null) {
      throw new InvalidInput(`answer must be null or one of ${FAULTS.join(', ')}.`);
    }
    if (fault === undefined) dns.faults.delete(name);
    else dns.faults.set(name, fault);
    replyJson(response, 200, { faults: Object.fromEntries(dns.faults) });
  },
});
