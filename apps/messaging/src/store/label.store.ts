import { Injectable } from '@nestjs/common';
import type { Tenant } from '@postern/contracts';
import type { Tx } from '@postern/platform';

/** Labels that come and go in one step; none is in both. */
export interface LabelChange {
  add: readonly string[];
  remove: readonly string[];
}

/** Of the row as it is at the moment of the change, so that changes at the same time do not undo each other. */
const CHANGED = `ARRAY(
  SELECT label FROM unnest(labels || $4::text[]) WITH ORDINALITY AS l(label, place)
   WHERE label <> ALL ($5::text[]) GROUP BY label ORDER BY min(place))`;

/** Changes what callers note on messages and threads. */
@Injectable()
export class LabelStore {
  /**
   * @param metadata  undefined leaves it as it is.
   * @returns the labels afterwards, null when there is no such message.
   */
  async changeMessage(
    tx: Tx,
    { organizationId, mode }: Tenant,
    id: string,
    { add, remove }: LabelChange,
    metadata: Record<string, string> | undefined,
  ): Promise<string[] | null> {
    // The state first: facts about the message lock it in this order, too.
    await tx.query(
      `UPDATE message_states SET updated_at = greatest(updated_at, clock_timestamp())
        WHERE organization_id = $1 AND mode = $2 AND message_id = $3`,
      [organizationId, mode, id],
    );
    const rows = await tx.query<{ labels: string[] }>(
      `UPDATE messages SET labels = ${CHANGED}, metadata = coalesce($6::json, metadata)
        WHERE organization_id = $1 AND mode = $2 AND id = $3 RETURNING labels`,
      [organizationId, mode, id, add, remove, metadata === undefined ? null : JSON.stringify(metadata)],
    );
    return rows[0]?.labels ?? null;
  }

  /** @returns the labels afterwards, null when there is no such thread. */
  async changeThread(
    tx: Tx,
    { organizationId, mode }: Tenant,
    id: string,
    { add, remove }: LabelChange,
  ): Promise<string[] | null> {
    const rows = await tx.query<{ labels: string[] }>(
      `UPDATE threads SET labels = ${CHANGED} WHERE organization_id = $1 AND mode = $2 AND id = $3 RETURNING labels`,
      [organizationId, mode, id, add, remove],
    );
    return rows[0]?.labels ?? null;
  }
}
