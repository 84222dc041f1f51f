import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Feedback } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';
import { whatCounts } from '../reputation/what-counts.js';
import type { SendKey } from '../send/send.js';

/** What SES said about a message. */
export interface ReportOf extends SendKey {
  feedback: Pick<Feedback, 'kind' | 'type' | 'subType' | 'recipients'>;
}

/** 128 bits: reports of one message do not collide. */
const DIGEST_CHARACTERS = 32;

const SENT = sql(
  'reputation_note_sent',
  `INSERT INTO reputation_notes (organization_id, mode, inbox_id, domain, sent_at, sent)
   SELECT s.organization_id, s.mode, s.inbox_id, lower(split_part(s.mail_from, '@', 2)), max(s.first_attempt_at),
          sum(cardinality(s.recipients) - cardinality(s.left_out))
     FROM unnest($1::text[], $2::text[], $3::text[]) AS k(organization_id, mode, message_id)
     JOIN sends s USING (organization_id, mode, message_id)
    WHERE s.first_attempt_at IS NOT NULL
    GROUP BY 1, 2, 3, 4, date_trunc('second', s.first_attempt_at)`,
);
// A message that is forgotten counts for its organization alone: nobody knows any more which inbox sent it.
const REPORTS = sql(
  'reputation_note_reports',
  `WITH fresh AS (
     INSERT INTO reputation_reports (organization_id, mode, message_id, report)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) ORDER BY 1, 2, 3, 4
     ON CONFLICT DO NOTHING RETURNING organization_id, mode, message_id, report
   )
   INSERT INTO reputation_notes (organization_id, mode, inbox_id, domain, sent_at, bounced, complained)
   SELECT f.organization_id, f.mode, s.inbox_id, lower(split_part(s.mail_from, '@', 2)),
          coalesce(s.first_attempt_at, now()),
          count(*) FILTER (WHERE f.report LIKE 'bounced %'), count(*) FILTER (WHERE f.report LIKE 'complained %')
     FROM fresh f LEFT JOIN sends s USING (organization_id, mode, message_id)
    GROUP BY 1, 2, 3, 4, 5`,
);

/** Notes what counts in the rates, in the transaction of what it follows from: so each thing is counted once. */
@Injectable()
export class ReputationNotes {
  /** Mail that was handed over in this transaction. */
  async sent(tx: Tx, sends: readonly SendKey[]): Promise<void> {
    if (sends.length === 0) return;
    await tx.query(SENT, [
      sends.map(({ organizationId }) => organizationId),
      sends.map(({ mode }) => mode),
      sends.map(({ messageId }) => messageId),
    ]);
  }

  /** Feedback; the same report counts once, however often it comes. */
  async reports(tx: Tx, reports: readonly ReportOf[]): Promise<void> {
    const counted = reports.flatMap((report) =>
      whatCounts(report.feedback).map(({ kind, addresses }) => ({
        report,
        text: `${kind} ${digest(report, addresses)}`,
      })),
    );
    if (counted.length === 0) return;
    await tx.query(REPORTS, [
      counted.map(({ report }) => report.organizationId),
      counted.map(({ report }) => report.mode),
      counted.map(({ report }) => report.messageId),
      counted.map(({ text }) => text),
    ]);
  }
}

/** Without the addresses themselves: what is deleted leaves none behind. */
const digest = ({ messageId }: SendKey, addresses: readonly string[]): string =>
  createHash('sha256')
    .update([messageId, ...addresses].join('\n'))
    .digest('hex')
    .slice(0, DIGEST_CHARACTERS);
