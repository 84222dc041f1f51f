import { Injectable } from '@nestjs/common';
import type { Tenant } from '@postern/contracts';
import { AuditLogStore } from '../store/audit-log.store.js';
import { lineOf, NO_HASH } from './chain.js';

/** Entries read at once: what the export holds in memory, times the two or three pages that are on their way. */
const PAGE = 500;

/** An export that is about to be read. */
export interface AuditExport {
  /** Last sequence, 0 when the log is empty. */
  sequence: number;
  /** Hash of the last entry. */
  hash: string;
  /** Lines, many at a time. Reads the next ones only when asked. */
  lines: AsyncGenerator<string>;
}

/** The whole audit log of a tenant, as it was when the export began. */
@Injectable()
export class ExportAuditLog {
  constructor(private readonly log: AuditLogStore) {}

  async begin({ organizationId, mode }: Tenant): Promise<AuditExport> {
    const tenant = { organizationId, mode };
    const { sequence, hash } = (await this.log.head(tenant)) ?? { sequence: 0, hash: NO_HASH };
    return { sequence, hash, lines: this.lines(tenant, sequence) };
  }

  private async *lines(tenant: Tenant, upTo: number): AsyncGenerator<string> {
    let after = 0;
    while (after < upTo) {
      const entries = await this.log.range(tenant, after, upTo, PAGE);
      const last = entries.at(-1);
      // Entries are never removed; without this a damaged table would be read for ever.
      if (last === undefined) throw new Error(`the audit log has no entry after ${after}, though it had ${upTo}`);
      yield entries.map(lineOf).join('');
      after = last.sequence;
    }
  }
}
