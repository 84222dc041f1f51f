import { describe, expect, it } from '@jest/globals';
import type { DomainRecord } from '@postern/contracts';
import { shownDomain } from './domain.js';

const record = (purpose: DomainRecord['purpose'], status: DomainRecord['status'] = 'valid'): DomainRecord => ({
  type: 'TXT',
  name: `_${purpose}.example.com`,
  value: purpose,
  purpose,
  status,
});
const domain = (records: DomainRecord[], sending_status: 'pending' | 'verified' | 'failed' = 'pending') => ({
  id: 'dom_1',
  name: 'example.com',
  sending_status,
  receiving_status: 'failed' as const,
  records,
  created_at: '2026-11-21T10:00:00.000Z',
});

describe('a domain', () => {
  it('has its records apart, and MX records with a priority', () => {
    const mx: DomainRecord = {
      ...record('receiving'),
      type: 'MX',
      name: 'example.com',
      value: '10 mx.postern.example',
    };
    const shown = shownDomain(domain([record('identity', 'missing'), mx]));
    const identity = { type: 'TXT', name: '_identity.example.com', value: 'identity' };
    const receiving = { type: 'MX', name: 'example.com', value: 'mx.postern.example', priority: 10 };
    expect(shown).toEqual({
      id: 'dom_1',
      domain: 'example.com',
      sendingStatus: 'pending',
      receivingStatus: 'failed',
      verificationStatus: 'pending',
      sendingDnsRecords: [identity],
      receivingDnsRecords: [receiving],
      dnsRecords: [identity, receiving],
      sendingVerifiedAt: null,
      receivingVerifiedAt: null,
      createdAt: '2026-11-21T10:00:00.000Z',
    });
  });

  it.each([
    ['pending_dkim', domain([record('ownership'), record('identity'), record('dkim', 'missing')])],
    ['pending', domain([record('ownership'), record('identity', 'invalid'), record('dkim', 'missing')])],
    ['pending', domain([record('ownership', 'missing'), record('dkim', 'missing')])],
    ['pending', domain([record('identity'), record('dkim')])],
    ['verified', domain([record('identity'), record('dkim', 'missing')], 'verified')],
    ['failed', domain([record('dkim', 'missing')], 'failed')],
  ])('is %s for sending', (status, given) => {
    const { sendingStatus, verificationStatus } = shownDomain(given);
    expect([sendingStatus, verificationStatus]).toEqual([status, status]);
  });
});
