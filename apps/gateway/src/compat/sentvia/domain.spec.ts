import { describe, expect, it } from '@jest/globals';
import { domainOf } from './domain.js';

const record = (type: 'TXT' | 'MX', purpose: 'mail_from' | 'dmarc' | 'receiving', value: string) => ({
  type,
  name: `${purpose}.example.com`,
  value,
  purpose,
  status: 'valid' as const,
});
const domain = (...records: ReturnType<typeof record>[]) =>
  domainOf({
    id: 'dom_1',
    name: 'example.com',
    sending_status: 'verified',
    receiving_status: 'pending',
    records,
    created_at: '2026-11-21T00:00:00.000Z',
  });

describe('a domain', () => {
  it('has the status of sending, and that of receiving beside it', () => {
    expect(domain()).toMatchObject({ hostname: 'example.com', status: 'verified', receiving_status: 'pending' });
  });

  it('has an MX record in two parts', () => {
    const { records, mail_from_domain, mail_from_status } = domain(
      record('MX', 'mail_from', '10 feedback.example.net'),
    );
    expect(records[0]).toMatchObject({ content: 'feedback.example.net', priority: 10 });
    expect([mail_from_domain, mail_from_status]).toEqual(['mail_from.example.com', 'success']);
  });

  it('has other records whole', () => {
    expect(domain(record('TXT', 'receiving', '10 words')).records[0]).toMatchObject({
      content: '10 words',
      priority: null,
    });
  });

  it.each([
    ['v=DMARC1; p=quarantine; rua=mailto:a@example.com', 'quarantine'],
    ['v=DMARC1;p=none', 'none'],
    ['v=DMARC1; sp=reject', null],
  ])('%s tells the policy %s', (value, policy) => {
    expect(domain(record('TXT', 'dmarc', value)).dmarc_policy).toBe(policy);
  });

  it('without records to publish tells of none', () => {
    expect(domain()).toMatchObject({ mail_from_domain: null, mail_from_status: null, dmarc_policy: null, records: [] });
  });
});
