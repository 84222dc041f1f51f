import { describe, expect, it } from '@jest/globals';
import type { RecordStatus } from '@postern/contracts';
import { type Found, recordStatus } from './record-status.js';
import type { WantedRecord } from './wanted-records.js';

const record = (type: WantedRecord['type'], purpose: WantedRecord['purpose'], value: string): WantedRecord => ({
  type,
  purpose,
  value,
  name: 'x.example.com',
});
const txt = (...txt: string[]): Found => ({ txt });
const mx = (...hosts: [number, string][]): Found => ({
  mx: hosts.map(([priority, exchange]) => ({ priority, exchange })),
});

type Row = [what: string, wanted: WantedRecord, found: Found | null, status: RecordStatus | null];
const ownership = record('TXT', 'ownership', 'postern-verification=abc');
const identity = record('TXT', 'identity', 'pmBG+token=');
const spf = record('TXT', 'spf', 'v=spf1 include:amazonses.com ~all');
const dmarc = record('TXT', 'dmarc', 'v=DMARC1; p=none');
const dkim = record('CNAME', 'dkim', 'abc.dkim.amazonses.com');
const mailFrom = record('MX', 'mail_from', '10 feedback-smtp.eu-central-1.amazonses.com');
const receiving = record('MX', 'receiving', '10 inbound-smtp.eu-central-1.amazonaws.com');

const ROWS: Row[] = [
  ['silence', ownership, null, null],
  ['no text', ownership, {}, 'missing'],
  ['ours', ownership, txt('postern-verification=abc'), 'valid'],
  ['ours with spaces around', ownership, txt(' postern-verification=abc '), 'valid'],
  ['ours among others', ownership, txt('v=spf1 -all', 'postern-verification=zzz', 'postern-verification=abc'), 'valid'],
  ['the token of another organization', ownership, txt('postern-verification=zzz'), 'invalid'],
  ['a token with more behind it', ownership, txt('postern-verification=abcd'), 'invalid'],
  ['a token in another case', ownership, txt('postern-verification=ABC'), 'invalid'],
  ['texts of other purposes only', ownership, txt('google-site-verification=1'), 'missing'],
  ['the token', identity, txt('pmBG+token='), 'valid'],
  ['the tokens of two regions', identity, txt('other', 'pmBG+token='), 'valid'],
  ['the token of another region', identity, txt('other'), 'invalid'],

  ['the policy', spf, txt('v=spf1 include:amazonses.com ~all'), 'valid'],
  ['a wider policy in other case', spf, txt('V=SPF1  mx  INCLUDE:amazonses.com -all'), 'valid'],
  ['an explicit pass', spf, txt('v=spf1 +include:amazonses.com -all'), 'valid'],
  ['a policy without SES', spf, txt('v=spf1 mx -all'), 'invalid'],
  ['a policy that refuses SES', spf, txt('v=spf1 -include:amazonses.com ~all'), 'invalid'],
  ['two policies', spf, txt('v=spf1 include:amazonses.com ~all', 'v=spf1 mx -all'), 'invalid'],
  ['another version', spf, txt('v=spf10 include:amazonses.com ~all'), 'missing'],
  ['a policy beside other texts', spf, txt('hello', 'v=spf1 include:amazonses.com ~all'), 'valid'],

  ['any policy', dmarc, txt('v=DMARC1;p=reject; rua=mailto:d@example.com'), 'valid'],
  ['spaces', dmarc, txt('v=DMARC1 ; p = quarantine'), 'valid'],
  ['no policy', dmarc, txt('v=DMARC1; rua=mailto:d@example.com'), 'invalid'],
  ['a subdomain policy only', dmarc, txt('v=DMARC1; sp=none'), 'invalid'],
  ['two', dmarc, txt('v=DMARC1; p=none', 'v=DMARC1; p=none'), 'invalid'],
  ['something else', dmarc, txt('p=none'), 'missing'],

  ['the target', dkim, { cnames: ['ABC.dkim.amazonses.com.'] }, 'valid'],
  ['a chain to the target', dkim, { cnames: ['alias.example.net', 'abc.dkim.amazonses.com'] }, 'valid'],
  ['a chain over the target', dkim, { cnames: ['abc.dkim.amazonses.com', 'dkim-abc.amazonses.com'] }, 'valid'],
  ['another target', dkim, { cnames: ['abc.dkim.amazonses.com.example.com'] }, 'invalid'],
  ['no alias', dkim, {}, 'missing'],

  ['the one record', mailFrom, mx([10, 'feedback-smtp.eu-central-1.amazonses.com']), 'valid'],
  ['another preference', mailFrom, mx([5, 'Feedback-SMTP.eu-central-1.amazonses.com.']), 'valid'],
  ['one more', mailFrom, mx([10, 'feedback-smtp.eu-central-1.amazonses.com'], [20, 'mx.example.com']), 'invalid'],
  ['another region', mailFrom, mx([10, 'feedback-smtp.us-east-1.amazonses.com']), 'invalid'],

  ['nobody', receiving, {}, 'missing'],
  ['us', receiving, mx([10, 'inbound-smtp.eu-central-1.amazonaws.com']), 'valid'],
  ['us first', receiving, mx([20, 'mx.example.com'], [5, 'inbound-smtp.eu-central-1.amazonaws.com']), 'valid'],
  ['us beside another', receiving, mx([5, 'mx.example.com'], [5, 'inbound-smtp.eu-central-1.amazonaws.com']), 'valid'],
  [
    'us behind another',
    receiving,
    mx([5, 'mx.example.com'], [10, 'inbound-smtp.eu-central-1.amazonaws.com']),
    'invalid',
  ],
  ['another', receiving, mx([10, 'mx.example.com']), 'invalid'],
  ['explicitly nobody (RFC 7505)', receiving, mx([0, '']), 'invalid'],
];

describe('the status of a record', () => {
  it.each(ROWS.map((row) => [`${row[1].purpose}: ${row[0]} is ${row[3]}`, ...row] as const))(
    '%s',
    (_name, _what, wanted, found, status) => {
      expect(recordStatus(wanted, found)).toBe(status);
    },
  );
});
