import { Injectable } from '@nestjs/common';
import { lowestIdAt, type AnsweredMail, type MessageId, type Tenant } from '@postern/contracts';
import type { Tx } from '@postern/platform';

/** What beside the content decided about a message; kept with its verdict. */
export interface JudgedWith {
  /** Everyone who would get a copy. */
  recipients: string[];
  answers: AnsweredMail | null;
}

/** A message that was judged, as policies look at it afterwards. */
export interface JudgedMessage {
  message_id: MessageId;
  judged_with: JudgedWith;
  risk_score: number;
  judged_at: Date;
}

interface Wanted {
  /** Null: of all. */
  inboxIds: readonly string[] | null;
  since: Date;
  limit: number;
}

/** Outbound messages by their verdicts. */
@Injectable()
export class JudgedTrafficStore {
  /** The last version of each, the newest first; none that was deleted. */
  async newest(tx: Tx, tenant: Tenant, { inboxIds, since, limit }: Wanted): Promise<JudgedMessage[]> {
    return tx.query<JudgedMessage>(
      `SELECT DISTINCT ON (message_id) message_id, judged_with, (security->>'risk_score')::int AS risk_score,
              created_at AS judged_at
         FROM verdicts
        WHERE organization_id = $1 AND mode = $2 AND message_id >= $3 AND judged_with IS NOT NULL
          AND ($4::text[] IS NULL OR inbox_id = ANY($4))
        ORDER BY message_id DESC, version DESC LIMIT $5`,
      [tenant.organizationId, tenant.mode, lowestIdAt('msg', since), inboxIds, limit],
    );
  }
}
