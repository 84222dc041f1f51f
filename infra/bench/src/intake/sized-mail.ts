const LINE = 'Thank you, the parcel has arrived and everything is as it should be. We shall order again.';
const BASE64_LINE = 76;
/** Of a mail with a file, what is text and HTML. */
const TEXT_SHARE = 0.1;
/** From here on mails have a file, as large mails do. */
const WITH_FILE_BYTES = 20_000;

const header = (subject: string): string[] => [
  'From: Ann <ann@example.com>',
  'To: agent@postern.test',
  `Subject: ${subject}`,
  `Message-ID: <${subject.replaceAll(' ', '.')}@example.com>`,
  'Date: Sat, 21 Nov 2026 12:00:00 +0000',
  'MIME-Version: 1.0',
];

const lines = (line: string, sizeBytes: number): string[] =>
  Array.from({ length: Math.ceil(sizeBytes / (line.length + 2)) }, () => line);

const plain = (subject: string, sizeBytes: number): string[] => [
  ...header(subject),
  'Content-Type: text/plain; charset=utf-8',
  '',
  ...lines(LINE, sizeBytes),
];

const withFile = (subject: string, sizeBytes: number): string[] => [
  ...header(subject),
  'Content-Type: multipart/mixed; boundary=m',
  '',
  '--m',
  'Content-Type: multipart/alternative; boundary=a',
  '',
  '--a',
  'Content-Type: text/plain; charset=utf-8',
  '',
  ...lines(LINE, (sizeBytes * TEXT_SHARE) / 2),
  '--a',
  'Content-Type: text/html; charset=utf-8',
  '',
  ...lines(`<p>${LINE}</p>`, (sizeBytes * TEXT_SHARE) / 2),
  '--a--',
  '--m',
  'Content-Type: application/octet-stream; name=parcel.bin',
  'Content-Disposition: attachment; filename=parcel.bin',
  'Content-Transfer-Encoding: base64',
  '',
  ...lines('QUJD'.repeat(BASE64_LINE / 4), sizeBytes * (1 - TEXT_SHARE)),
  '--m--',
];

/** A mail of about so many octets; a large one is text, HTML and a file in Base64. */
export function sizedMail(subject: string, sizeBytes: number): Buffer {
  const made = sizeBytes < WITH_FILE_BYTES ? plain(subject, sizeBytes) : withFile(subject, sizeBytes);
  return Buffer.from([...made, ''].join('\r\n'));
}
