import type { Domain, DomainRecord } from '@postern/contracts';
import type { z } from 'zod';

type DomainJson = z.input<typeof Domain>;
type RecordJson = z.input<typeof DomainRecord>;

const MAIL_FROM_STATUS = { valid: 'success', missing: 'pending', invalid: 'failed' } as const;
/** RFC 7489 §6.3: the tag `p` of a DMARC record. */
const DMARC_POLICY = /;\s*p=(none|quarantine|reject)\b/;
/** RFC 1035 §3.3.9: preference and exchange. */
const MX = /^(\d+) (.+)$/;

function recordOf({ type, name, value, purpose, status }: RecordJson) {
  const [, preference, exchange] = (type === 'MX' ? MX.exec(value) : null) ?? [];
  return {
    type,
    name,
    content: exchange ?? value,
    purpose,
    priority: preference === undefined ? null : Number(preference),
    status,
  };
}

/** A domain as Sentvia shows it: its status is that of sending. Since when it is verified is not kept. */
export function domainOf({ id, name, sending_status, receiving_status, records, created_at }: DomainJson) {
  const mailFrom = records.find(({ purpose }) => purpose === 'mail_from');
  const dmarc = records.find(({ purpose }) => purpose === 'dmarc');
  return {
    id,
    hostname: name,
    kind: 'byo',
    status: sending_status,
    receiving_status,
    mail_from_domain: mailFrom?.name ?? null,
    mail_from_status: mailFrom === undefined ? null : MAIL_FROM_STATUS[mailFrom.status],
    dmarc_policy: DMARC_POLICY.exec(dmarc?.value ?? '')?.[1] ?? null,
    verified_at: null,
    created_at,
    records: records.map(recordOf),
  };
}
