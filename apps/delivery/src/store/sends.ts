import { Injectable } from '@nestjs/common';
import { addressKey, type Fact, type ScanOutboundPassedV1 } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';

// A message that was moved before it came keeps the time it was moved to. Sends in one order everywhere, so that two transactions
// with the same ones cannot lock each other out.
const ACCEPT = sql(
  'send_accept',
  `INSERT INTO sends (organization_id, mode, message_id, inbox_id, version, state, next_attempt_at, mail_from,
                      recipients, envelope, content, content_hash, in_doubt_rule, correlation_id, causation_id, traceparent)
   SELECT f.organization_id, f.mode, f.message_id, f.inbox_id, f.version, 'pending', f.not_before, f.mail_from,
          array(SELECT jsonb_array_elements_text(f.recipients)), f.envelope, f.content, f.content_hash, f.in_doubt_rule,
          f.correlation_id, f.causation_id, f.traceparent
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::timestamptz[], $7::text[], $8::jsonb[],
                 $9::jsonb[], $10::jsonb[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[])
       AS f(organization_id, mode, message_id, inbox_id, version, not_before, mail_from, recipients, envelope, content,
            content_hash, in_doubt_rule, correlation_id, causation_id, traceparent)
    ORDER BY f.organization_id, f.mode, f.message_id
   ON CONFLICT (organization_id, mode, message_id) DO UPDATE
      SET state = 'pending', inbox_id = excluded.inbox_id, version = excluded.version, mail_from = excluded.mail_from,
          recipients = excluded.recipients, envelope = excluded.envelope, content = excluded.content, content_hash = excluded.content_hash,
          in_doubt_rule = excluded.in_doubt_rule, correlation_id = excluded.correlation_id,
          causation_id = excluded.causation_id, traceparent = excluded.traceparent, updated_at = now()
    WHERE sends.state = 'expected'
   RETURNING 1`,
);

type Passed = Fact<typeof ScanOutboundPassedV1>;

/** Sends as they come in. */
@Injectable()
export class SendStore {
  /**
   * Takes messages over for sending. A message that is here already stays as it is: it is sent once, and one that was
   * cancelled before it came is not sent at all.
   * @returns how many were new.
   */
  async accept(tx: Tx, given: readonly Passed[]): Promise<number> {
    const facts = firstOfEach(given);
    const dispatches = facts.map(({ data }) => data.dispatch);
    const rows = await tx.query(ACCEPT, [
      facts.map((fact) => fact.organizationId),
      facts.map((fact) => fact.mode),
      dispatches.map(({ messageId }) => messageId),
      facts.map(({ data }) => data.inboxId),
      dispatches.map(({ version }) => version),
      dispatches.map(({ notBefore }) => notBefore),
      dispatches.map(({ envelope }) => envelope.from),
      facts.map(({ data }) => JSON.stringify(recipientsOf(data))),
      dispatches.map(({ envelope }) => JSON.stringify(envelope)),
      dispatches.map(({ content }) => JSON.stringify(content)),
      dispatches.map(({ contentHash }) => contentHash),
      dispatches.map(({ inDoubt }) => inDoubt),
      facts.map((fact) => fact.correlationId),
      facts.map((fact) => fact.id),
      facts.map((fact) => fact.traceparent),
    ]);
    return rows.length;
  }
}

/** Who gets a copy: one each, also for an address that stands in To and in Cc, and none for whom a list refuses. */
function recipientsOf({ dispatch, refused = [] }: Passed['data']): string[] {
  const byKey = new Map(dispatch.envelope.recipients.map(({ address }) => [addressKey(address), address]));
  for (const { address } of refused) byKey.delete(addressKey(address));
  return [...byKey.values()];
}

/** A statement may touch each row once. */
const firstOfEach = (facts: readonly Passed[]): Passed[] => [
  ...new Map(
    facts.toReversed().map((fact) => [`${fact.organizationId} ${fact.mode} ${fact.data.dispatch.messageId}`, fact]),
  ).values(),
];
