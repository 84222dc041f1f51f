import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { type Logger, pollLoop, type Wakeable } from '@postern/platform';
import type { DomainNameStore } from '../store/domain-names.js';
import type { DomainStore, StoredDomain } from '../store/domains.js';
import type { DomainChecks } from './domain-checks.js';
import type { Identities } from './identities.js';

const LOOK_EVERY_MS = 1_000;
const AT_ONCE = 8;
/** Longer than the calls of one check may take together. */
const LEASE_SECONDS = 120;

export interface DomainKeeperParts {
  store: DomainStore;
  names: DomainNameStore;
  checks: DomainChecks;
  identities: Identities | null;
  logger: Logger;
}

/** Checks domains again and again, finishes what a killed replica began, and has SES forget deleted ones. */
export class DomainKeeper implements OnApplicationBootstrap, OnModuleDestroy {
  private loop: Wakeable | null = null;

  constructor(private readonly parts: DomainKeeperParts) {}

  onApplicationBootstrap(): void {
    this.loop = pollLoop({
      intervalMs: LOOK_EVERY_MS,
      work: () => this.turn(),
      onError: (err) => this.parts.logger.warn({ what: 'delivery.domain_round_failed', err }),
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop?.stop();
  }

  private async turn(): Promise<boolean> {
    const due = await this.parts.store.takeDue(AT_ONCE, LEASE_SECONDS);
    await Promise.all(due.map((domain) => this.check(domain)));
    const hasForgotten = await this.forgetOne();
    return due.length === AT_ONCE || hasForgotten;
  }

  /** One that cannot be checked keeps no other waiting: it is due again when its lease is over. */
  private async check(domain: StoredDomain): Promise<void> {
    try {
      await this.parts.checks.check(domain, { again: false, actor: null });
    } catch (err) {
      this.parts.logger.warn({ what: 'delivery.domain_check_failed', err }, 'trying again');
    }
  }

  private async forgetOne(): Promise<boolean> {
    const { identities, names } = this.parts;
    if (identities === null) return false;
    const name = await names.takeForgotten(LEASE_SECONDS);
    if (name === null) return false;
    await identities.remove(name);
    await names.forgotten(name);
    return true;
  }
}
