/** What parsers trip over. */
const PIECES = [
  '\r\n\r\n',
  '\r\n--',
  '--',
  '\0',
  '\u001b',
  '=?utf-8?b?',
  '=?utf-8?q?=0D=0A?=',
  '?=',
  '=',
  '%',
  '"',
  '<',
  '(((((((((((((((((((((((((((((((((((',
  ';;;;;;;;',
  'Content-Type: multipart/mixed; boundary=""\r\n',
  'Content-Type: multipart/digest; boundary=b\r\n',
  'Content-Type: message/rfc822\r\n',
  'Content-Type: text/html; charset=utf-16\r\n',
  'Content-Transfer-Encoding: base64\r\n',
  'Content-Disposition: attachment; filename*0*=utf-8\'\'%2e; filename*1="../"\r\n',
  '<div><table><td>',
  '\xff\xfe\xfd',
];
const REPEATS_MAX = 2_000;
const MUTATIONS_MAX = 8;

/** A mail that is like another, with some damage: cut, repeated, overwritten, mixed with pieces and with a third mail. */
export function mutate(mail: Buffer, other: Buffer, random: () => number): Buffer {
  const below = (max: number): number => Math.floor(random() * max);
  const damages: ((text: string, at: number) => string)[] = [
    (text, at) => text.slice(0, at) + text.slice(at + below(200)),
    (text, at) => text.slice(0, at),
    (text, at) => text.slice(0, at) + (PIECES[below(PIECES.length)] ?? '') + text.slice(at),
    (text, at) => text.slice(0, at) + (PIECES[below(PIECES.length)] ?? '').repeat(below(REPEATS_MAX)) + text.slice(at),
    (text, at) => text.slice(0, at) + text.slice(at, at + below(500)).repeat(below(20)) + text.slice(at),
    (text, at) => text.slice(0, at) + String.fromCharCode(below(256)) + text.slice(at + 1),
    (text, at) =>
      text.slice(0, at) + other.toString('latin1').slice(below(other.length), below(other.length)) + text.slice(at),
  ];
  let text = mail.toString('latin1');
  for (let left = 1 + below(MUTATIONS_MAX); left > 0; left -= 1) {
    text = damages[below(damages.length)]?.(text, below(text.length + 1)) ?? text;
  }
  return Buffer.from(text, 'latin1');
}
