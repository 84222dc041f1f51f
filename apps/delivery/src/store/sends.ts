import { Injectable } from '@nestjs/common';
import { addressKey, type CommandContext, type Fact, type ScanOutboundPassedV1 } from '@postern/contracts';
import { Database, sql, type Tx } from '@postern/platform';

const ACCEPT = sql(
  'send_accept',
  `INSERT INTO sends (organization_id, mode, message_id, inbox_id, version, state, next_attempt_at, mail_from,
                      recipients, content, content_hash, in_doubt_rule, correlation_id, causation_id, traceparent)
   SELECT f.organization_id, f.mode, f.message_id, f.inbox_id, f.version, 'pending', f.not_before, f.mail_from,
          array(SELECT jsonb_array_elements_text(f.recipients)), f.content, f.content_hash, f.in_doubt_rule,
          f.correlation_id, f.causation_id, f.traceparent
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::timestamptz[], $7::text[], $8::jsonb[],
                 $9::jsonb[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[])
       AS f(organization_id, mode, message_id, inbox_id, version, not_before, mail_from, recipients, content,
            content_hash, in_doubt_rule, correlation_id, causation_id, traceparent)
   ON CONFLICT DO NOTHING RETURNING 1`,
);

// A send that was in doubt before is pending again by the rule; its earlier attempt may have gone out, so it is too late.
const CANCEL = sql(
  'send_cancel',
  `INSERT INTO sends AS s (organization_id, mode, message_id, state, next_attempt_at, in_doubt_rule, correlation_id, traceparent)
   VALUES ($1, $2, $3, 'cancelled', now(), 'fail', $4, $5)
   ON CONFLICT (organization_id, mode, message_id) DO UPDATE
      SET state = 'cancelled', content = NULL, updated_at = now()
    WHERE s.state = 'cancelled' OR (s.state = 'pending' AND s.doubts = 0)
   RETURNING 1`,
);

type Passed = Fact<typeof ScanOutboundPassedV1>;

/** Sends as they come in, and as they are stopped before they go out. */
@Injectable()
export class SendStore {
  constructor(private readonly database: Database) {}

  /**
   * Takes messages over for sending. A message that is here already stays as it is: it is sent once, and one that was
   * cancelled before it came is not sent at all.
   * @returns how many were new.
   */
  async accept(tx: Tx, facts: readonly Passed[]): Promise<number> {
    const dispatches = facts.map(({ data }) => data.dispatch);
    const rows = await tx.query(ACCEPT, [
      facts.map((fact) => fact.organizationId),
      facts.map((fact) => fact.mode),
      dispatches.map(({ messageId }) => messageId),
      facts.map(({ data }) => data.inboxId),
      dispatches.map(({ version }) => version),
      dispatches.map(({ notBefore }) => notBefore),
      dispatches.map(({ envelope }) => envelope.from),
      dispatches.map(({ envelope }) => JSON.stringify(distinct(envelope.recipients.map(({ address }) => address)))),
      dispatches.map(({ content }) => JSON.stringify(content)),
      dispatches.map(({ contentHash }) => contentHash),
      dispatches.map(({ inDoubt }) => inDoubt),
      facts.map((fact) => fact.correlationId),
      facts.map((fact) => fact.id),
      facts.map((fact) => fact.traceparent),
    ]);
    return rows.length;
  }

  /** @returns whether the message is certain never to reach SES: stopped now, before, or ahead of its arrival here. */
  async cancel(context: CommandContext, messageId: string): Promise<boolean> {
    const { organizationId, mode, requestId, traceparent } = context;
    const rows = await this.database.query(CANCEL, [organizationId, mode, messageId, requestId, traceparent]);
    return rows.length === 1;
  }
}

/** An address that stands in To and in Cc gets one copy. */
function distinct(addresses: string[]): string[] {
  return [...new Map(addresses.map((address) => [addressKey(address), address])).values()];
}
