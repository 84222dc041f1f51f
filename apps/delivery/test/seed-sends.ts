import { type Envelope, newId } from '@postern/contracts';
import { contentHash, sha256 } from '@postern/eventing';
import type { Database } from '@postern/platform';

const ENVELOPE: Envelope = { from: 'agent@postern.test', recipients: [{ address: 'ann@example.com', role: 'to' }] };
const RAW = Buffer.from('From: agent@postern.test\r\nTo: ann@example.com\r\nSubject: Hello\r\n\r\nHello.\r\n');
const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** What waits of an organization, the first due `waitedSeconds` ago, the others one millisecond after the other. */
export interface Queue {
  organizationId: string;
  messages: number;
  waitedSeconds?: number;
}

/** Puts approved live messages before the last door, all in one commit. @returns their ids by organization. */
export async function seedSends(database: Database, queues: readonly Queue[]): Promise<Map<string, string[]>> {
  const ids = new Map<string, string[]>();
  await database.transaction(async (tx) => {
    for (const { organizationId, messages, waitedSeconds = 0 } of queues) {
      const own = Array.from({ length: messages }, () => newId('msg'));
      ids.set(organizationId, own);
      await tx.query(
        `INSERT INTO sends (organization_id, mode, message_id, inbox_id, version, state, next_attempt_at, mail_from, recipients,
                            envelope, content, content_hash, in_doubt_rule, correlation_id, traceparent)
         SELECT $1, 'live', id, $3, 1, 'pending', now() - make_interval(secs => $4) + n * interval '1 ms', $5, $6, $7, $8, $9,
                'resend', 'test', $10
           FROM unnest($2::text[]) WITH ORDINALITY AS m(id, n)`,
        [
          organizationId,
          own,
          newId('inb'),
          waitedSeconds + messages / 1000,
          ENVELOPE.from,
          ENVELOPE.recipients.map(({ address }) => address),
          JSON.stringify(ENVELOPE),
          JSON.stringify({ sha256: sha256(RAW), sizeBytes: RAW.byteLength, inline: RAW.toString('base64') }),
          contentHash(ENVELOPE, RAW),
          TRACEPARENT,
        ],
      );
    }
  });
  return ids;
}
