import { expect, it } from '@jest/globals';
import { wantedRecords } from './wanted-records.js';
import { zoneFile } from './zone-file.js';

const identity = {
  verificationToken: 'pmBG=',
  dkimTokens: ['a', 'b', 'c'],
  mailFromDomain: 'bounce.example.com',
  wasThere: false,
};
const parts = { name: 'example.com', token: 'tok', inboundHost: 'mx.postern.test', region: 'eu-central-1' };

it('has every record whole, one in a line', () => {
  expect(zoneFile('example.com', wantedRecords({ ...parts, identity }))).toBe(
    `; DNS records of example.com for Postern
$TTL 3600
_postern.example.com. 3600 IN TXT "postern-verification=tok"
_amazonses.example.com. 3600 IN TXT "pmBG="
a._domainkey.example.com. 3600 IN CNAME a.dkim.amazonses.com.
b._domainkey.example.com. 3600 IN CNAME b.dkim.amazonses.com.
c._domainkey.example.com. 3600 IN CNAME c.dkim.amazonses.com.
bounce.example.com. 3600 IN MX 10 feedback-smtp.eu-central-1.amazonses.com.
bounce.example.com. 3600 IN TXT "v=spf1 include:amazonses.com ~all"
_dmarc.example.com. 3600 IN TXT "v=DMARC1; p=none"
example.com. 3600 IN MX 10 mx.postern.test.
`,
  );
});

it('has only what does not need SES while SES was not asked, or sends nothing', () => {
  const purposes = wantedRecords({ ...parts, identity: null }).map(({ purpose }) => purpose);
  expect(purposes).toEqual(['ownership', 'dmarc', 'receiving']);
});

it('cuts long texts into strings of 255, and escapes', () => {
  const value = `${'x'.repeat(255)}"\\`;
  const record = { type: 'TXT', name: 'x.example.com', value, purpose: 'spf' } as const;
  expect(zoneFile('example.com', [record])).toContain(`IN TXT "${'x'.repeat(255)}" "\\"\\\\"\n`);
});
