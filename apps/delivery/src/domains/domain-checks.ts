import type { DomainRecord, KeyId, RecordPurpose, RecordStatus } from '@postern/contracts';
import type { Database, Logger, Tx } from '@postern/platform';
import type { DomainNameStore } from '../store/domain-names.js';
import { type DomainStore, type StoredDomain } from '../store/domains.js';
import type { DnsLookup } from './dns-lookup.js';
import type { DomainFacts } from './domain-facts.js';
import { type DomainPlaces, withStatus } from './domain-places.js';
import type { Identity, IdentityState } from './identities.js';
import { type Findings, judge, nextCheckAt, PATIENCE_MS, type Standing } from './judge.js';
import { recordStatus } from './record-status.js';

/** Who wants a domain checked. */
export interface Asked {
  /** What failed begins anew, and the fact comes in any case. */
  again: boolean;
  actor: KeyId | null;
}

interface Seen {
  identity: Identity | null;
  state: IdentityState | 'none';
  /** Null where the DNS did not answer. */
  statuses: (RecordStatus | null)[];
  records: DomainRecord[];
}

export interface DomainCheckParts {
  database: Database;
  store: DomainStore;
  names: DomainNameStore;
  places: DomainPlaces;
  dns: Pick<DnsLookup, 'find'>;
  facts: DomainFacts;
  logger: Logger;
}

/**
 * Looks at SES and the DNS, and writes what a domain is. Neither is asked inside a transaction; a crash in between loses
 * only the look. Safe to run twice at once.
 */
export class DomainChecks {
  constructor(private readonly parts: DomainCheckParts) {}

  /** Has SES make what is missing. @returns the domain as it is then; SES being away changes nothing. */
  async setUp(domain: StoredDomain): Promise<StoredDomain> {
    const { identity } = await this.identity(domain, false);
    return this.write(domain, (before) => {
      const records = withStatus(this.parts.places.wanted(before, identity), before.records);
      return { ...before, identity, records };
    });
  }

  /** @returns the domain as it is then, or as it was last when it is gone. */
  async check(domain: StoredDomain, asked: Asked): Promise<StoredDomain> {
    const seen = await this.look(domain, asked.again);
    return this.write(domain, (before, tx) => this.judged(tx, before, seen, asked), asked);
  }

  private async look(domain: StoredDomain, again: boolean): Promise<Seen> {
    const { identity, state } = await this.identity(domain, again);
    const records = withStatus(this.parts.places.wanted(domain, identity), domain.records);
    const statuses = await Promise.all(
      records.map(async (record) => recordStatus(record, await this.parts.dns.find(record.type, record.name))),
    );
    return { identity, state, statuses, records };
  }

  private async identity(
    { mode, name, identity }: StoredDomain,
    again: boolean,
  ): Promise<Pick<Seen, 'identity' | 'state'>> {
    const identities = this.parts.places.identitiesFor(mode);
    if (identities === null) return { identity: null, state: 'none' };
    try {
      return await identities.ensure(name, identity, again);
    } catch (err) {
      this.parts.logger.warn({ what: 'delivery.domain_identity_unknown', err }, 'SES is asked again later');
      return { identity, state: 'unknown' };
    }
  }

  private async judged(tx: Tx, before: StoredDomain, seen: Seen, { again }: Asked): Promise<StoredDomain> {
    const { names } = this.parts;
    const records = seen.records.map((record, n) => ({ ...record, status: seen.statuses[n] ?? record.status }));
    const statusOf = (purpose: RecordPurpose) =>
      seen.statuses[seen.records.findIndex((record) => record.purpose === purpose)] ?? null;
    const ownership = statusOf('ownership');
    const holder = ownership === 'valid' ? await names.hold(tx, before.name, before.organizationId) : null;
    const findings: Findings = {
      ownership,
      receiving: statusOf('receiving'),
      identity: seen.state,
      heldByOther: holder !== null && holder !== before.organizationId,
      now: new Date(),
    };
    const standing = judge(again ? begunAnew(before, findings.now) : before, findings);
    return { ...before, ...standing, identity: seen.identity, records };
  }

  /** Writes what became of a domain, and tells it when it is something else than before. */
  private async write(
    domain: StoredDomain,
    change: (before: StoredDomain, tx: Tx) => StoredDomain | Promise<StoredDomain>,
    asked: Asked = { again: false, actor: null },
  ): Promise<StoredDomain> {
    const { database, store, names, facts } = this.parts;
    return database.transaction(async (tx) => {
      const before = await store.lock(tx, domain, domain.id);
      if (before === null) return domain;
      const after = await change(before, tx);
      const isChanged = asked.again || !looksSame(before, after);
      const written = { ...after, version: before.version + (isChanged ? 1 : 0) };
      await store.write(tx, before, written, nextCheckAt(written, new Date()));
      if (before.owned && !written.owned) await names.letGo(tx, before.name, before.organizationId);
      if (isChanged) await facts.tell(tx, written, isVerified(before, written) ? 'verified' : 'updated', asked.actor);
      return written;
    });
  }
}

/** A second call of `verify` gives another 72 hours. */
function begunAnew(before: Standing, now: Date): Standing {
  const isOld = (since: Date): boolean => now.getTime() - since.getTime() >= PATIENCE_MS / 2;
  return {
    ...before,
    ...(before.sending === 'failed' || (before.sending === 'pending' && isOld(before.sendingSince))
      ? { sending: 'pending' as const, sendingSince: now }
      : {}),
    ...(before.receiving === 'failed' || (before.receiving === 'pending' && isOld(before.receivingSince))
      ? { receiving: 'pending' as const, receivingSince: now }
      : {}),
  };
}

const looksSame = (before: StoredDomain, after: StoredDomain): boolean =>
  before.owned === after.owned &&
  before.sending === after.sending &&
  before.receiving === after.receiving &&
  JSON.stringify(before.records.map(inOneOrder)) === JSON.stringify(after.records.map(inOneOrder));

/** PostgreSQL orders the members of its JSON. */
const inOneOrder = ({ type, name, value, purpose, status }: DomainRecord) => [type, name, value, purpose, status];

const isVerified = (before: Standing, after: Standing): boolean =>
  (after.sending === 'verified' && before.sending !== 'verified') ||
  (after.receiving === 'verified' && before.receiving !== 'verified');
