import { Injectable } from '@nestjs/common';
import type { MailId, InboxId, MessageId, Mode, OrganizationId, Security } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';
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
  outcome: 'passed' | 'held' | 'rejected';
}

export interface InboundVerdict extends StoredVerdict {
  mail_id: MailId;
  inbox_id: InboxId;
  outcome: 'clean' | 'flagged' | 'withheld';
}

const INSERT_OUTBOUND = sql(
  'verdicts_insert',
  `INSERT INTO verdicts (organization_id, mode, message_id, version, content_hash, security, outcome, rules_version)
   SELECT organization_id, mode, message_id, version, content_hash, security, outcome, rules_version
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

  /** @returns which of them are new. */
  async insertInbound(
    tx: Tx,
    verdicts: readonly InboundVerdict[],
  ): Promise<Pick<InboundVerdict, 'mail_id' | 'inbox_id'>[]> {
    return tx.query(INSERT_INBOUND, [storableJson(verdicts)]);
  }
}
