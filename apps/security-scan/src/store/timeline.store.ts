import { Injectable } from '@nestjs/common';
import { sameIdAs, type Tenant, TIMELINE_ENTRIES_MAX, type TimelineType } from '@postern/contracts';
import { Database, sql } from '@postern/platform';

export interface TimelineRow {
  at: Date;
  type: TimelineType;
  data: Record<string, unknown>;
}

// Content of a deleted message is gone from these rows; that it was scanned and decided on is not told any more, either.
const OF_MESSAGE = sql(
  'scan_timeline',
  `SELECT * FROM (
     SELECT v.created_at AS at, 'scanned' AS type, json_build_object('version', v.version, 'outcome', v.outcome,
              'risk_score', v.security -> 'risk_score', 'rules_version', v.rules_version) AS data
       FROM verdicts v WHERE v.organization_id = $1 AND v.mode = $2 AND v.message_id = $3
     UNION ALL
     SELECT v.created_at, 'scanned', json_build_object('outcome', v.outcome, 'risk_score', v.security -> 'risk_score',
              'rules_version', v.rules_version)
       FROM inbound_verdicts v WHERE v.organization_id = $1 AND v.mode = $2 AND v.mail_id = $4
     UNION ALL
     SELECT a.created_at, 'held', json_build_object('approval_id', a.id, 'reason', a.reason, 'required', a.required)
       FROM approvals a WHERE a.organization_id = $1 AND a.mode = $2 AND a.message_id = $3
     UNION ALL
     SELECT d.decided_at, 'decided', json_build_object('approval_id', d.approval_id, 'decision', d.decision,
              'key_id', d.decided_by, 'version', d.version)
       FROM approvals a JOIN approval_decisions d
         ON d.organization_id = a.organization_id AND d.mode = a.mode AND d.approval_id = a.id
      WHERE a.organization_id = $1 AND a.mode = $2 AND a.message_id = $3
     UNION ALL
     SELECT a.resolved_at, a.status, json_build_object('approval_id', a.id, 'version', a.version)
       FROM approvals a WHERE a.organization_id = $1 AND a.mode = $2 AND a.message_id = $3 AND a.resolved_at IS NOT NULL
   ) e WHERE NOT EXISTS (
     SELECT 1 FROM tombstones t WHERE t.organization_id = $1 AND t.mode = $2 AND t.message_id = $3)
    ORDER BY at, array_position(ARRAY['scanned', 'held', 'decided'], type) LIMIT ${TIMELINE_ENTRIES_MAX + 1}`,
);

/** Verdicts, approvals and decisions of one message. */
@Injectable()
export class TimelineStore {
  constructor(private readonly database: Database) {}

  /** Oldest first; may be one more than a timeline shows. */
  ofMessage(tenant: Tenant, messageId: string): Promise<TimelineRow[]> {
    const { organizationId, mode } = tenant;
    return this.database.asTenant(tenant, (tx) =>
      tx.query<TimelineRow>(OF_MESSAGE, [organizationId, mode, messageId, sameIdAs('mail', messageId)]),
    );
  }
}
