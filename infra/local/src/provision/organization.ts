import type { DataDir } from '../data-dir/data-dir.js';
import { entriesOf, readJsonFile, writeJsonFile } from '../data-dir/json-file.js';
import { StartError } from '../start-error.js';

/** Keys of the local organization. */
export interface LocalKeys {
  /** Scope `*`. */
  readonly admin_key: string;
  /** Live, every scope but `approvals:write`. */
  readonly api_key: string;
  /** The same scopes in test mode. */
  readonly test_api_key: string;
  readonly reviewer_key: string;
}

const RESOURCES = [
  'inboxes',
  'messages',
  'approvals',
  'policies',
  'lists',
  'suppressions',
  'webhooks',
  'events',
  'domains',
  'keys',
  'audit',
  'usage',
];

/** Every scope but the one that lets an agent approve its own mail. */
const AGENT_SCOPES = [
  ...RESOURCES.flatMap((name) => [`${name}:read`, `${name}:write`]),
  'messages:send',
  'messages:read_withheld',
].filter((scope) => scope !== 'approvals:write');
const REVIEWER_SCOPES = ['approvals:read', 'approvals:write', 'messages:read', 'messages:read_withheld'];

const REQUEST_TIMEOUT_MS = 15_000;

/**
 * The keys of the local organization, through the gateway's public API: those kept in the data directory when they
 * still open it, else of a new organization.
 * @throws StartError when the gateway refuses.
 */
export async function localKeys(gatewayUrl: string, rootKey: string, dataDir: DataDir): Promise<LocalKeys> {
  const path = dataDir.path('keys.json');
  const known = readKeys(path);
  if (known && (await opens(gatewayUrl, known.admin_key)) && (await opens(gatewayUrl, known.api_key))) return known;
  const create = (what: string, key: string, body: unknown): Promise<string> =>
    post(`${gatewayUrl}/v1/${what}`, key, body);
  const admin_key = await create('organizations', rootKey, { name: 'Local' });
  const keys: LocalKeys = {
    admin_key,
    api_key: await create('api_keys', admin_key, { name: 'Local', mode: 'live', scopes: AGENT_SCOPES }),
    test_api_key: await create('api_keys', admin_key, { name: 'Local test', mode: 'test', scopes: AGENT_SCOPES }),
    reviewer_key: await create('api_keys', admin_key, {
      name: 'Local reviewer',
      mode: 'live',
      scopes: REVIEWER_SCOPES,
    }),
  };
  writeJsonFile(path, keys);
  return keys;
}

function readKeys(path: string): LocalKeys | undefined {
  const { admin_key, api_key, test_api_key, reviewer_key } = entriesOf(
    readJsonFile(path),
    (value) => typeof value === 'string',
  );
  return admin_key && api_key && test_api_key && reviewer_key
    ? { admin_key, api_key, test_api_key, reviewer_key }
    : undefined;
}

async function opens(gatewayUrl: string, key: string): Promise<boolean> {
  const response = await fetch(`${gatewayUrl}/v1/inboxes`, {
    headers: { authorization: `Bearer ${key}` },
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
  await response.body?.cancel();
  if (response.status === 200 || response.status === 401) return response.status === 200;
  throw new StartError(
    `The gateway answered ${response.status} to the local organization's key: see logs/gateway.log in the data directory.`,
  );
}

/** @returns the secret in the reply: an organization carries that of its first key, a key its own. */
async function post(url: string, key: string, body: unknown): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
  const text = await response.text();
  const secret = response.status === 201 ? secretIn(JSON.parse(text)) : undefined;
  if (secret) return secret;
  throw new StartError(
    `The local organization could not be made: POST ${new URL(url).pathname} was answered ${response.status}${response.ok ? ' without a secret' : `, ${text.slice(0, 300)}`}.`,
  );
}

function secretIn(reply: unknown): string | undefined {
  if (typeof reply !== 'object' || reply === null) return undefined;
  if ('secret' in reply && typeof reply.secret === 'string') return reply.secret;
  return 'api_key' in reply ? secretIn(reply.api_key) : undefined;
}
