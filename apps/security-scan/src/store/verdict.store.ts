import { Injectable } from '@nestjs/common';
import type { MailId, InboxId, MessageId, Mode, OrganizationId, PolicyId, Security, Tenant } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';
import type { JudgedWith } from './judged-traffic.store.js';
import { storableJson } from './storable-json.js';

interface StoredVerdict {
  organization_id: OrganizationId;
  mode: Mode;
  security: Security;
  rules_version: string;
}

export interface OutboundVerdict extends StoredVerdict {
  message_id: MessageId;
  version: number;
  content_hash: string;
  inbox_id: InboxId;
  judged_with: JudgedWith;
  /** Those that the message was held against. */
  policies: { id: PolicyId; version: number }[];
  /** For rate limits. */
  counts: boolean;
  outcome: 'passed' | 'held' | 'rejected' | 'redacted';
}

export interface InboundVerdict extends StoredVerdict {
  mail_id: MailId;
  inbox_id: InboxId;
  outcome: 'clean' | 'flagged' | 'withheld';
}

const INSERT_OUTBOUND = sql(
  'verdicts_insert',
  // By the clock: a transaction that waited for others to be counted would else count as earlier than those.
  `INSERT INTO verdicts (organization_id, mode, message_id, version, inbox_id, content_hash, security, judged_with, policies,
     counts, outcome, rules_version, created_at)
   SELECT organization_id, mode, message_id, version, inbox_id, content_hash, security, judged_with, policies,
     counts, outcome, rules_version, clock_timestamp()
     FROM json_populate_recordset(null::verdicts, $1::json)
   ON CONFLICT DO NOTHING RETURNING message_id, version`,
);

const INSERT_INBOUND = sql(
  'inbound_verdicts_insert',
  `INSERT INTO inbound_verdicts (organization_id, mode, mail_id, inbox_id, security, outcome, rules_version)
   SELECT organization_id, mode, mail_id, inbox_id, security, outcome, rules_version
     FROM json_populate_recordset(null::inbound_verdicts, $1::json)
   ON CONFLICT DO NOTHING RETURNING mail_id, inbox_id`,
);

/** Verdicts are written once and never changed: a second one on the same content is not stored. */
@Injectable()
export class VerdictStore {
  /** @returns which of them are new. */
  async insertOutbound(
    tx: Tx,
    verdicts: readonly OutboundVerdict[],
  ): Promise<Pick<OutboundVerdict, 'message_id' | 'version'>[]> {
    return tx.query(INSERT_OUTBOUND, [storableJson(verdicts)]);
  }

  /** What was found in a version; null when the message was deleted. */
  async ofVersion(
    tx: Tx,
    { organizationId, mode }: Tenant,
    messageId: MessageId,
    version: number,
  ): Promise<Security | null> {
    const [row] = await tx.query<{ security: Security | null }>(
      `SELECT security FROM verdicts WHERE organization_id = $1 AND mode = $2 AND message_id = $3 AND version = $4`,
      [organizationId, mode, messageId, version],
    );
    return row?.security ?? null;
  }

  /** @returns which of them are new. */
  async insertInbound(
    tx: Tx,
    verdicts: readonly InboundVerdict[],
  ): Promise<Pick<InboundVerdict, 'mail_id' | 'inbox_id'>[]> {
    return tx.query(INSERT_INBOUND, [storableJson(verdicts)]);
  }
}
