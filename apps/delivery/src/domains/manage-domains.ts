import { randomBytes } from 'node:crypto';
import { type CommandContext, newId, ReleaseDomain } from '@postern/contracts';
import { type CommandClient, type Idempotent, Replay } from '@postern/eventing';
import { conflict, type Database, type Logger, notFound, type Tx } from '@postern/platform';
import type { DomainNameStore } from '../store/domain-names.js';
import { type DomainStore, type StoredDomain } from '../store/domains.js';
import type { DomainChecks } from './domain-checks.js';
import type { DomainFacts } from './domain-facts.js';
import { type DomainPlaces, withStatus } from './domain-places.js';
import { within } from './within.js';

/** How long a caller waits for SES or the DNS; what takes longer goes on without the caller. */
const WAIT_MS = 4_000;
/** When the keeper looks at a new domain: after the caller's own try. */
const FIRST_LOOK_MS = 5_000;
const TOKEN_BYTES = 20;

export interface ManageDomainsParts {
  database: Database;
  store: DomainStore;
  names: DomainNameStore;
  places: DomainPlaces;
  checks: DomainChecks;
  facts: DomainFacts;
  idempotent: Idempotent;
  commands: Pick<CommandClient, 'ask'>;
  logger: Logger;
  /** Of the instance: nobody's to claim. */
  ownDomain: string;
}

/** Adds, verifies and deletes domains for tenants. */
export class ManageDomains {
  constructor(private readonly parts: ManageDomainsParts) {}

  /**
   * The domain is committed before SES is asked. With SES away it is there all the same, and its records come later.
   * @throws AppError `address_taken` when the organization has it already, or another one has proven it.
   */
  async create(context: CommandContext, name: string): Promise<StoredDomain | Replay<StoredDomain>> {
    const { idempotent, checks } = this.parts;
    const replay = (id: string): Promise<StoredDomain> => this.get(context, id);
    const earlier = await idempotent.earlier(context, replay);
    if (earlier !== null) return earlier;
    const made = this.newDomain(context, name);
    const work = (tx: Tx): Promise<void> => this.add(tx, context, made);
    const added = await idempotent.once(context, { resourceId: made.id, work, replay });
    if (added instanceof Replay) return added;
    return (await this.patiently(checks.setUp(made))) ?? made;
  }

  /** Looks now. Who gives no answer in time is waited for without the caller. */
  async verify(context: CommandContext, id: string): Promise<StoredDomain | Replay<StoredDomain>> {
    const { idempotent, checks } = this.parts;
    const replay = (verified: string): Promise<StoredDomain> => this.get(context, verified);
    const earlier = await idempotent.earlier(context, replay);
    if (earlier !== null) return earlier;
    const domain = await this.get(context, id);
    const keyOnly = { resourceId: domain.id, work: async (): Promise<void> => undefined, replay };
    const begun = await idempotent.once(context, keyOnly);
    if (begun instanceof Replay) return begun;
    return (await this.patiently(checks.check(domain, { again: true, actor: context.keyId }))) ?? domain;
  }

  /** @throws AppError `not_found`. */
  async get(context: CommandContext, id: string): Promise<StoredDomain> {
    const domain = await this.parts.store.find(context, id);
    if (domain === null) throw notFound('domain');
    return domain;
  }

  /**
   * While messaging is asked the domain is locked, so that no check comes between its yes and the deletion.
   * @throws AppError `invalid_state` when inboxes use it; `unavailable` when messaging is away.
   */
  async remove(context: CommandContext, id: string): Promise<void> {
    const { database, store, names, facts, places } = this.parts;
    await database.transaction(async (tx) => {
      const domain = await store.lock(tx, context, id);
      if (domain === null) throw notFound('domain');
      await this.mustBeUnused(context, domain);
      await store.remove(tx, domain);
      await names.letGo(tx, domain.name, domain.organizationId);
      const hasIdentity = domain.identity !== null && !domain.identity.wasThere;
      if (hasIdentity && places.identitiesFor(domain.mode) !== null) await names.forget(tx, domain.name);
      await facts.tell(tx, { ...domain, owned: false, version: domain.version + 1 }, 'deleted', context.keyId);
    });
  }

  private async mustBeUnused(context: CommandContext, { id, name, version }: StoredDomain): Promise<void> {
    const { value } = await this.parts.commands.ask(
      ReleaseDomain,
      { ...context, idempotency: null },
      { id, name, version },
    );
    if (!value.released) throw conflict('invalid_state', 'Delete the inboxes of this domain before the domain.');
  }

  private async add(tx: Tx, context: CommandContext, made: StoredDomain): Promise<void> {
    const { store, facts } = this.parts;
    await this.mustBeFree(tx, made);
    const isNew = await store.add(tx, made, new Date(Date.now() + FIRST_LOOK_MS));
    if (!isNew) throw conflict('address_taken', 'This domain is there already: list the domains to find it.');
    await facts.tell(tx, made, 'created', context.keyId);
  }

  private async mustBeFree(tx: Tx, { name, organizationId }: StoredDomain): Promise<void> {
    const holder = await this.parts.names.holder(tx, name);
    if (name !== this.parts.ownDomain && (holder === null || holder === organizationId)) return;
    throw conflict('address_taken', 'Use another domain: this one belongs to somebody else here.');
  }

  private newDomain({ organizationId, mode }: CommandContext, name: string): StoredDomain {
    const now = new Date();
    const base = { organizationId, mode, name, token: randomBytes(TOKEN_BYTES).toString('hex') };
    return {
      ...base,
      id: newId('dom'),
      identity: null,
      records: withStatus(this.parts.places.wanted(base, null), []),
      owned: false,
      lapsedSince: null,
      sending: 'pending',
      sendingSince: now,
      receiving: 'pending',
      receivingSince: now,
      version: 1,
      createdAt: now,
    };
  }

  /** Null when it takes too long or fails: the domain is as it was, and the keeper goes on. */
  private async patiently(work: Promise<StoredDomain>): Promise<StoredDomain | null> {
    const done = work.catch((err: unknown) => {
      this.parts.logger.warn({ what: 'delivery.domain_check_failed', err }, 'trying again');
      return null;
    });
    return within(WAIT_MS, done);
  }
}
