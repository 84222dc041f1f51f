import { newId } from '@postern/contracts';
import { body, json, posts, type Row, send, SEND } from './row.js';

const KEY = { name: 'k', mode: 'live', scopes: ['inboxes:read'] };
const many = (count: number): string[] => Array.from({ length: count }, (_, n) => `a${n}@example.com`);
const attachment = (more: object): object => ({ attachments: [{ filename: 'a', content: 'YQ==', ...more }] });

/** Wrong values of one field each, beside a body that is right without them. */
const INBOX: Record<string, unknown[]> = {
  slug: [
    1,
    true,
    [],
    {},
    { $ne: null },
    '',
    'A',
    'a b',
    'a..b',
    '-a',
    'a/',
    '../etc',
    'é',
    'a'.repeat(64),
    'inb_x',
    'abuse',
    'postmaster',
  ],
  display_name: [1, [], {}, '', 'a\r\nBcc: b@example.com', 'a\0b', '\ud800', 'a'.repeat(201)],
  domain: [1, null, '', [], 'a'.repeat(254)],
  security_level: [0, 5, 1.5, -1, '1', 'none', null, []],
  on_flagged: [1, 'drop', null, ['hold']],
  undo_seconds: [-1, 0.5, '1', 3601, null, 1e21, []],
  daily_send_limit: [-1, 0.5, '1', 1e21, []],
  metadata: [1, 'a', [], { a: 1 }, { a: null }, { a: { b: 'c' } }, { a: 'x\0' }, { 'a\0': 'x' }],
  colour: ['red'],
  id: [newId('inb')],
  organization_id: [newId('org')],
  toString: ['x'],
  hasOwnProperty: ['x'],
};

const SENT: Record<string, unknown[]> = {
  to: [
    [],
    [[]],
    [1],
    [null],
    {},
    '',
    'a',
    'a@',
    '@b',
    'a@b@c',
    'a b@example.com',
    'a@example.com\r\nBcc: b@c.de',
    'a@exa\0mple.com',
    many(51),
  ],
  cc: [
    1,
    [1],
    ['a'],
    [{ address: 1 }],
    [{ address: 'a@example.com', name: 'a\nb' }],
    [{ address: 'a@example.com', x: 1 }],
  ],
  bcc: ['a', [{}]],
  reply_to: ['a', [null]],
  subject: [1, null, [], 'a\r\nBcc: b@example.com', 'a\0', 'a'.repeat(999)],
  text: [1, null, [], {}, 'a\0b', '\udfff'],
  html: [1, null, [], '<b>\0</b>'],
  labels: [1, 'a', [1], [null], ['']],
  metadata: [1, [], { a: 1 }],
  headers: [
    1,
    [],
    { 'Reply-To': 'a@example.com' },
    { Subject: 'a' },
    { 'X-A': 'a\r\nb: c' },
    { 'X-A': 1 },
    { 'X A': 'a' },
    { 'X-': 'a' },
  ],
  attachments: [1, {}, [1], [{}]],
  in_reply_to: [1, 'a', '<a', '<a b>', '<a>\r\nX: y'],
  references: [1, 'a', ['a'], [1]],
  client_id: [1, '', 'a b', 'a'.repeat(256), 'é'],
  send_at: [1, 'tomorrow', '2026-13-01T00:00:00Z', '', null],
  undo_seconds: [-1, 3601, '1'],
  on_blocked_recipient: ['ignore', 1, null],
  thread: ['x'],
};

const MADE_KEYS: Record<string, unknown[]> = {
  name: [1, null, '', [], 'a'.repeat(201), 'a\0b', '\ud800'],
  mode: ['prod', 1, null, ['live']],
  scopes: [1, 'inboxes:read', [], ['root'], ['inboxes'], ['inboxes:admin'], ['*:*'], [1], [null], ['']],
  inbox_ids: [1, [], ['box'], [newId('msg')], [1]],
  expires_at: [1, 'never', '', '2020-01-01T00:00:00Z'],
  secret: ['pn_live_mine'],
};

const rowsOf = (path: string, right: object, wrong: Record<string, unknown[]>): Row[] =>
  posts(
    path,
    422,
    'validation_error',
    Object.entries(wrong).flatMap(([field, values]) =>
      values.map((value): [string, ReturnType<typeof body>] => [
        `${path}: ${field} ${JSON.stringify(value).slice(0, 60)}`,
        body({ ...right, [field]: value }),
      ]),
    ),
  );

/** Fields of a wrong type, form or size. */
export const FIELD_ROWS: Row[] = [
  ...rowsOf('/v1/inboxes', {}, INBOX),
  ...rowsOf(SEND, { to: 'ann@example.com', text: 'Hello' }, SENT),
  ...rowsOf('/v1/api_keys', KEY, MADE_KEYS),
  ...posts(SEND, 422, 'validation_error', [
    ['neither text nor html', body({ to: 'ann@example.com' })],
    ['51 recipients over to, cc and bcc', send({ to: many(20), cc: many(20), bcc: many(11) })],
    ['content that is no base64', send(attachment({ content: '%' }))],
    ['a line break in a file name', send(attachment({ filename: 'a\r\nb' }))],
    ['a NUL in a file name', send(attachment({ filename: 'a\0.exe' }))],
    ['a media type that is none', send(attachment({ content_type: 'text' }))],
    ['a line break in a media type', send(attachment({ content_type: 'text/plain\r\nX: y' }))],
    ['101 attachments', send({ attachments: Array.from({ length: 101 }, () => ({ filename: 'a', content: '' })) })],
  ]),
  ...posts('/v1/webhooks', 422, 'validation_error', [
    ['no URL', body({})],
    ['a URL that is none', body({ url: 'not a url' })],
    ['a URL that is a number', body({ url: 1 })],
    ['a URL over 2,048 characters', body({ url: `https://example.com/${'a'.repeat(2_048)}` })],
    ['a NUL in a URL', body({ url: 'https://example.com/\0' })],
    ['an event that is none', body({ url: 'https://example.com/', events: ['message.*'] })],
    ['a header of ours', body({ url: 'https://example.com/', headers: { 'webhook-id': 'a' } })],
    ['a line break in a header', body({ url: 'https://example.com/', headers: { 'X-A': 'a\r\nb' } })],
    ['an inbox that is none', body({ url: 'https://example.com/', inbox_ids: ['box'] })],
  ]),
  ...posts('/v1/suppressions', 422, 'validation_error', [
    ['no address', body({})],
    ['an address that is none', body({ address: 'a' })],
    ['a list of addresses', body({ address: ['a@example.com'] })],
    ['a NUL in an address', json('{"address":"a\\u0000@example.com"}')],
  ]),
  ...posts('/v1/inboxes/box/pause', 422, 'validation_error', [['a body where none is taken', body({ now: true })]]),
];
