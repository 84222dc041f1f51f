import { ROOT_KEY } from '../gateway.harness.js';
import { gets, json, MIB, type Row } from './row.js';

const PATH = '/v1/inboxes';
const KEY = `pn_live_${'A'.repeat(43)}`;
const authorization = (value: string) => ({ headers: { authorization: value } });

const CREDENTIALS: [string, Row[3]][] = [
  ['no key', {}],
  ['an empty header', authorization('')],
  ['an empty key', authorization('Bearer ')],
  ['basic authentication', authorization('Basic YTpi')],
  ['digest authentication', authorization('Digest username="a"')],
  ['another scheme', authorization(`Token ${KEY}`)],
  ['a key without a scheme', authorization(KEY)],
  ['two keys in one header', authorization(`Bearer ${KEY}, Bearer ${KEY}`)],
  ['two tokens', authorization(`Bearer ${KEY} ${KEY}`)],
  ['a quoted key', authorization(`Bearer "${KEY}"`)],
  ['an unknown key', { key: KEY }],
  ['an unknown key in the other header', { headers: { 'x-api-key': KEY } }],
  ['a key of no mode', { key: `pn_prod_${'A'.repeat(43)}` }],
  ['a key that is too short', { key: KEY.slice(0, -1) }],
  ['a key that is too long', { key: `${KEY}A` }],
  ['a key with SQL in it', { key: "pn_live_'OR'1'='1" }],
  ['a very long key', { key: 'k'.repeat(10_000) }],
  ['the root key as a key', { key: ROOT_KEY }],
  ['two keys that differ', { key: 'a', headers: { 'x-api-key': 'b' } }],
];

/** Requests without a key that opens. */
export const KEY_ROWS: Row[] = [
  ...CREDENTIALS.map(([what, options]): Row => [what, 'GET', PATH, options, 401, 'unauthorized']),
  ['a key in the query', 'GET', `${PATH}?api_key=${KEY}`, {}, 401, 'unauthorized'],
  ['HEAD', 'HEAD', PATH, {}, 401, 'unauthorized'],
  ['a large body', 'POST', PATH, json(Buffer.alloc(MIB, ' ')), 401, 'unauthorized'],
  ['JSON that stops', 'POST', PATH, json('{'), 401, 'unauthorized'],
  [
    'another media type',
    'POST',
    PATH,
    { payload: 'a', headers: { 'content-type': 'text/plain' } },
    401,
    'unauthorized',
  ],
  ['an unknown organization key', 'GET', '/v1/organizations', { key: KEY }, 401, 'unauthorized'],
  ...gets(404, 'not_found', [
    ['an unknown route', '/v1/nothing'],
    ['a page file that is not one', '/docs/package.json'],
    ['a path out of the page', '/docs/..%2f..%2fpackage.json'],
    ['a path out of the page, encoded twice', '/docs/%252e%252e%252fpackage.json'],
    ['a page file with a NUL', '/docs/start.js%00'],
  ]),
];
