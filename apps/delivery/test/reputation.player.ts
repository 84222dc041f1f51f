import {
  type Fact,
  type Feedback,
  FEEDBACK_EVENTS,
  InboxChangedV1,
  type InboxId,
  type MessageId,
  newId,
  ReputationChangedV1,
} from '@postern/contracts';
import { callerOf, inboxOf, waitFor } from '@postern/testing';
import type { Stage } from './stage.js';

/** Small, so that a few messages are a rate: an inbox from 4 recipients on, all else from 40. */
export const LIMITS = {
  DELIVERY_BOUNCE_MIN_SENT: '4',
  DELIVERY_BOUNCE_WARN_PERCENT: '30',
  DELIVERY_BOUNCE_PAUSE_PERCENT: '50',
  DELIVERY_COMPLAINT_MIN_SENT: '4',
  DELIVERY_COMPLAINT_WARN_PERCENT: '30',
  DELIVERY_COMPLAINT_PAUSE_PERCENT: '50',
};
/** For machines that are busy with other tests. */
const PATIENCE_MS = 60_000;

/** What SES tells of some recipients of a message. */
export const feedback = (kind: Feedback['kind'], messageId: MessageId, ...addresses: string[]): Feedback => ({
  kind,
  sesMessageId: `ses-${messageId}`,
  messageId,
  attempt: 1,
  type: kind === 'bounced' ? 'Permanent' : 'abuse',
  subType: kind === 'bounced' ? 'General' : null,
  at: new Date().toISOString(),
  recipients: addresses.map((address) => ({ address, status: null, diagnostic: null })),
});

/** An organization with an inbox, on a stage. */
export class Sender {
  readonly organizationId = newId('org');
  readonly caller = callerOf({ organizationId: this.organizationId });
  readonly inbox = inboxOf();
  private sent = 0;

  constructor(
    private readonly stage: Stage,
    readonly mode: 'live' | 'test' = 'live',
  ) {}

  get tenant() {
    return { organizationId: this.organizationId, mode: this.mode };
  }

  async pass(to: string[], inboxId: InboxId = this.inbox.id, from?: string): Promise<MessageId> {
    return (await this.stage.pass({
      ...this.tenant,
      inboxId,
      to,
      ...(from !== undefined && { from }),
    })) as MessageId;
  }

  /** Sends to fresh addresses. */
  async send(count: number, inboxId?: InboxId, from?: string): Promise<[MessageId, string[]]> {
    this.sent += 1;
    const to = Array.from({ length: count }, (_, index) => `to-${this.sent}-${index}@example.com`);
    const messageId = await this.pass(to, inboxId, from);
    await this.stage.reaches(messageId, 'sent');
    return [messageId, to];
  }

  async tell(kind: 'bounced' | 'complained', messageId: MessageId, ...addresses: string[]): Promise<void> {
    await this.stage.delivery.bus.publish(FEEDBACK_EVENTS[kind], {
      ...this.tenant,
      data: feedback(kind, messageId, ...addresses),
    });
  }

  async changes(): Promise<Fact<typeof ReputationChangedV1>['data'][]> {
    const facts = await this.stage.delivery.bus.factsOf(ReputationChangedV1);
    return facts
      .filter((fact) => fact.organizationId === this.organizationId && fact.mode === this.mode)
      .map(({ data }) => data);
  }

  heard(change: string, scope: string): Promise<Fact<typeof ReputationChangedV1>['data']> {
    return waitFor(
      async () => (await this.changes()).find((data) => data.change === change && data.scope === scope),
      `${scope} ${change}`,
      PATIENCE_MS,
    );
  }

  /** What messaging tells of the inbox. */
  async tellInbox(
    change: 'paused' | 'resumed',
    version: number,
    reason: 'bounces' | 'request' = 'bounces',
  ): Promise<void> {
    const paused = change === 'paused';
    await this.stage.delivery.bus.publish(InboxChangedV1, {
      ...this.tenant,
      data: {
        change,
        version,
        inbox: { ...this.inbox, status: paused ? 'paused' : 'active', paused_reason: paused ? reason : null },
      },
    });
  }

  async counts(
    scope: string,
    subject = '',
  ): Promise<{ sent: number; bounced: number; complained: number } | undefined> {
    const [row] = await this.stage.delivery.database.query<{ sent: number; bounced: number; complained: number }>(
      `SELECT sum(sent)::int AS sent, sum(bounced)::int AS bounced, sum(complained)::int AS complained FROM reputation_counts
        WHERE organization_id = $1 AND mode = $2 AND scope = $3 AND subject = $4 HAVING count(*) > 0`,
      [this.organizationId, this.mode, scope, subject],
    );
    return row;
  }

  counted(expected: object, scope = 'organization', subject = ''): Promise<true> {
    const wanted = JSON.stringify(expected);
    return waitFor(
      async () => JSON.stringify(await this.counts(scope, subject)) === wanted,
      `${scope}: ${wanted}`,
      PATIENCE_MS,
    );
  }

  /** Waits until a message is parked. @returns why. */
  parkedFor(messageId: string): Promise<string> {
    return waitFor(
      async () => {
        const [row] = await this.stage.delivery.database.query<{ deferred_reason: string }>(
          'SELECT deferred_reason FROM sends WHERE message_id = $1 AND parked',
          [messageId],
        );
        return row?.deferred_reason;
      },
      `${messageId} to be parked`,
      PATIENCE_MS,
    );
  }

  /** Waits until delivery knows a version of the inbox. */
  async knows(version: number): Promise<void> {
    await waitFor(
      async () => {
        const [row] = await this.stage.delivery.database.query<{ version: number }>(
          'SELECT version FROM inbox_pauses WHERE organization_id = $1 AND mode = $2 AND inbox_id = $3',
          [this.organizationId, this.mode, this.inbox.id],
        );
        return (row?.version ?? 0) >= version;
      },
      `version ${version} of the inbox`,
      PATIENCE_MS,
    );
  }
}
