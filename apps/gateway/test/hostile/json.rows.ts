import { json, MIB, posts, type Row, typed } from './row.js';

const PATH = '/v1/inboxes';
const deep = (levels: number, open: string, close: string): string =>
  `{"metadata":${open.repeat(levels)}1${close.repeat(levels)}}`;
const raw = (...octets: number[]): Buffer => Buffer.from(octets);
const quoted = (...octets: number[]): Buffer =>
  Buffer.concat([Buffer.from('{"slug":"'), raw(...octets), Buffer.from('"}')]);

/** What is no JSON text (RFC 8259), though some parsers take it. */
const MALFORMED = [
  '{"slug":',
  '{"slug"',
  '{',
  '[',
  '}',
  '"',
  'slug=box',
  '{}{}',
  '{} {}',
  '{}x',
  '{slug:"box"}',
  "{'slug':'box'}",
  '{"slug":"box",}',
  '{,}',
  '{"slug" "box"}',
  '{"slug"::"box"}',
  '{"a":[1,]}',
  '{"a":[,1]}',
  '// no\n{}',
  '/* no */{}',
  '{"undo_seconds":01}',
  '{"undo_seconds":+1}',
  '{"undo_seconds":.5}',
  '{"undo_seconds":1.}',
  '{"undo_seconds":0x10}',
  '{"undo_seconds":1e}',
  '{"undo_seconds":NaN}',
  '{"undo_seconds":Infinity}',
  '{"undo_seconds":-}',
  '{"slug":undefined}',
  '{"slug":True}',
  '{"slug":nul}',
  '{"slug":"a\nb"}',
  '{"slug":"a\tb"}',
  '{"slug":"\\x41"}',
  '{"slug":"\\u12"}',
  '{"slug":"\\"}',
  '{"slug":"a',
  '\u00a0{}',
  '\u2028{}',
  '{"a":1}\0',
  '\0{}',
  '<inbox/>',
  '--boundary',
];

/** What could mean something else to another reader, or to a prototype. */
const TWO_FACED = [
  '{"slug":"a","slug":"b"}',
  '{"slug":"a","slug":"a"}',
  '{"slug":"a","\\u0073lug":"b"}',
  '{"metadata":{"a":"1","a":"2"}}',
  '{"metadata":{},"metadata":null}',
  '{"":1,"":2}',
  '{"__proto__":{"admin":true}}',
  '{"__proto__":null}',
  '{"metadata":{"__proto__":{"admin":true}}}',
  '{"\\u005f_proto__":{"admin":true}}',
  '{"constructor":{"prototype":{"a":1}}}',
  '{"metadata":{"constructor":{"prototype":{"a":1}}}}',
];

const ENCODED: [string, Buffer][] = [
  ['UTF-16 with a mark', Buffer.from('\ufeff{"slug":"box"}', 'utf16le')],
  ['UTF-16 without a mark', Buffer.from('{"slug":"box"}', 'utf16le')],
  ['UTF-32', Buffer.from('{\0\0\0}\0\0\0')],
  ['Latin-1', quoted(0xe9)],
  ['a lone continuation octet', quoted(0x80)],
  ['a sequence that stops', quoted(0xe2, 0x82)],
  ['an overlong slash', quoted(0xc0, 0xaf)],
  ['an encoded surrogate', quoted(0xed, 0xa0, 0x80)],
  ['a character over U+10FFFF', quoted(0xf4, 0x90, 0x80, 0x80)],
  ['an octet that is never UTF-8', quoted(0xff)],
];

const MEDIA_TYPES = [
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain',
  'text/json',
  'text/xml',
  'application/xml',
  'application/octet-stream',
  'application/jsonp',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/vnd.api+json',
  'application/json; charset=utf-16',
  'application/json; charset=iso-8859-1',
  'application/json;charset="UTF-7"',
  'json',
  '*/*',
  'application/*',
];
const ENCODINGS = ['gzip', 'br', 'deflate', 'zstd', 'identity, gzip', 'x-unknown'];

/** Bodies that are no JSON object in UTF-8. */
export const JSON_ROWS: Row[] = [
  ...posts(PATH, 400, 'bad_request', [
    ...MALFORMED.map((text) => [JSON.stringify(text), json(text)] as [string, ReturnType<typeof json>]),
    ...TWO_FACED.map((text) => [text, json(text)] as [string, ReturnType<typeof json>]),
    ...ENCODED.map(([what, octets]) => [what, json(octets)] as [string, ReturnType<typeof json>]),
    ['compressed octets', json(raw(0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0))],
    ['33 arrays in each other', json(deep(33, '[', ']'))],
    ['33 objects in each other', json(deep(33, '{"a":', '}'))],
    ['500,000 arrays in each other', json(deep(500_000, '[', ']'))],
    ['100,000 objects in each other', json(deep(100_000, '{"a":', '}'))],
    ['half a million open brackets', json('['.repeat(500_000))],
  ]),
  ...posts(PATH, 413, 'payload_too_large', [
    ['a body over 15 MiB', json(Buffer.alloc(15 * MIB + 1, ' '))],
    ['a body of 20 MiB in a string', json(`"${'x'.repeat(20 * MIB)}"`)],
  ]),
  ...posts(PATH, 415, 'unsupported_media_type', [
    ...MEDIA_TYPES.map((type) => [`the type ${type}`, typed(type)] as [string, ReturnType<typeof typed>]),
    ...ENCODINGS.map(
      (encoding) =>
        [
          `the encoding ${encoding}`,
          { payload: '{}', headers: { 'content-type': 'application/json', 'content-encoding': encoding } },
        ] as [string, ReturnType<typeof typed>],
    ),
  ]),
  ...posts(
    PATH,
    422,
    'validation_error',
    ['null', 'true', '0', '-0', '1e999', '"slug"', '[]', '[{}]', '{"slug":null}', '{"undo_seconds":1e999}'].map(
      (text) => [text, json(text)],
    ),
  ),
];
