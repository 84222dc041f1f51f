import { describe, expect, it } from '@jest/globals';
import { SendMessageBody } from '@postern/contracts';
import { randomFrom } from '@postern/testing';
import { composeMime, textOf } from './compose-mime.js';
import { planGiven } from './send-attachments.js';

/** Whole numbers below the one that is asked for. */
function wholeNumbersFrom(seed: number): (below: number) => number {
  const random = randomFrom(seed);
  return (below) => (random() * 2 ** 32) % below;
}

/** Everything that has been used to leave a header, a parameter or a part. */
const PIECES = [
  '\r\n',
  '\n',
  '\r',
  '\u0000',
  '\u0085',
  '\u2028',
  '\t',
  ' ',
  'Bcc: eve@example.com',
  'Content-Type: text/html',
  '\r\n\r\n<script>',
  '=?utf-8?Q?=0D=0ABcc:_eve@example.com?=',
  '=?utf-8?B?DQpCY2M6IGV2ZUBleGFtcGxlLmNvbQ==?=',
  '"; filename="evil.exe',
  '--',
  '%0d%0a',
  '<',
  '>',
  '"',
  '\\',
  ',',
  ';',
  ':',
  '(',
  ')',
  'a',
  'ann@example.com',
  'Grüße',
  '🚀',
  '\ud83d',
  'x'.repeat(990),
];
const EXPECTED = ['From', 'To', 'Cc', 'Reply-To', 'Subject', 'Date', 'Message-ID', 'In-Reply-To', 'References'];
const OF_MIME = ['Content-Type', 'Content-Transfer-Encoding', 'Content-Disposition', 'Content-ID', 'MIME-Version'];
/** Types whose octets stand in the message without an encoding. */
const COMPOSITE = ['message/rfc822', 'message/delivery-status', 'multipart/mixed'];
const ROUNDS = 100;

/** Bodies of hostile texts in every field; most are refused. Each field is also tried alone in a body that is right. */
function* hostileBodies(): Generator<object> {
  const random = wholeNumbersFrom(7);
  const pick = (list: readonly string[]): string => list[random(list.length)] ?? '';
  const text = (): string => Array.from({ length: 1 + random(4) }, () => pick(PIECES)).join('');
  const attachment = { filename: 'a.txt', content_type: 'text/plain', content: 'eA==' };
  for (let round = 0; round < ROUNDS; round += 1) {
    yield* [
      { subject: text() },
      { to: { address: 'ann@example.com', name: text() } },
      { cc: `${text()} <ann@example.com>` },
      { reply_to: text() },
      { headers: { 'X-Case': text() } },
      { headers: { [text()]: 'x' } },
      { attachments: [{ ...attachment, filename: text() }] },
      { attachments: [{ ...attachment, content_id: text() }], html: '<p>x</p>' },
      { attachments: [{ ...attachment, content_type: text() }] },
      {
        attachments: [
          { ...attachment, content_type: pick(COMPOSITE), content: Buffer.from(text()).toString('base64') },
        ],
      },
      { in_reply_to: `<${text()}>`, references: [`<${text()}>`] },
      { text: text(), html: text() },
    ];
  }
}

async function compose(body: SendMessageBody, name: string): Promise<string> {
  const mime = await composeMime({
    from: { address: 'agent@postern.test', name },
    ownMessageId: '<msg_1@postern.test>',
    inReplyTo: body.in_reply_to ?? null,
    references: body.references ?? [],
    date: new Date('2026-11-21T12:00:00Z'),
    body,
    text: textOf(body),
    attachments: await Promise.all((body.attachments ?? []).map(planGiven)),
  });
  return mime.toString('latin1');
}

const namesIn = (block: string): string[] =>
  block
    .trimEnd()
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
    .map((line) => line.slice(0, line.indexOf(':')));

describe('a message of hostile texts', () => {
  it('is refused, or holds the headers that we wrote and no other', async () => {
    let composed = 0;
    for (const fields of hostileBodies()) {
      const read = SendMessageBody.safeParse({ to: 'ann@example.com', subject: 'Hello', text: 'Hi', ...fields });
      if (!read.success) continue;
      composed += 1;
      const mime = await compose(read.data, JSON.stringify(fields).slice(0, 100));
      const [head = ''] = mime.split('\r\n\r\n', 1);
      const custom = Object.keys(read.data.headers ?? {});
      expect({
        fields,
        names: namesIn(head).filter((one) => ![...EXPECTED, ...OF_MIME, ...custom].includes(one)),
      }).toEqual({
        fields,
        names: [],
      });
      expect(new Set(namesIn(head)).size).toBe(namesIn(head).length);
      expect({
        fields,
        isPlain: /^[\t\r\n\x20-\x7e]*$/.test(mime),
        hasBareBreak: /\r(?!\n)|(?<!\r)\n/.test(mime),
      }).toEqual({
        fields,
        isPlain: true,
        hasBareBreak: false,
      });
      // RFC 5322 §2.1.1: 998 characters, the line end excluded.
      expect(Math.max(...mime.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
      for (const part of mime.split(/\r\n--\S*_NmP-\S+(?<!--)\r\n/).slice(1)) {
        const [partHead = ''] = part.split('\r\n\r\n', 1);
        expect({ partHead, names: namesIn(partHead).filter((one) => !OF_MIME.includes(one)) }).toEqual({
          partHead,
          names: [],
        });
      }
    }
    // The pieces are not so hostile that nothing would be composed.
    expect(composed).toBeGreaterThan(ROUNDS);
  }, 30_000);
});
