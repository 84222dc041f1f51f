import { Injectable } from '@nestjs/common';
import { type AutomaticMail, type Recipient, type RecipientStatus, ThreadReplyResolvedV1 } from '@postern/contracts';
import { type NewFact, Outbox } from '@postern/eventing';
import type { Tx } from '@postern/platform';
import {
  type Ending,
  type ExpectedReplyRow,
  ExpectedReplyStore,
  toExpectedReply,
} from '../store/expected-reply.store.js';

type Cause = Omit<NewFact<typeof ThreadReplyResolvedV1>, 'data'>;

/** Something that may end the wait of a thread, and the chain of facts that it belongs to. */
export interface CausedEnding extends Ending {
  cause: Cause;
}

/** In these nobody is left who could answer. */
const UNREACHED: readonly RecipientStatus[] = ['bounced', 'failed', 'rejected', 'suppressed', 'skipped', 'cancelled'];

/** Whether a message bounced for all whom it could have reached. */
export const bouncedForAll = (recipients: readonly Recipient[]): boolean =>
  recipients.some(({ status }) => status === 'bounced') && recipients.every(({ status }) => UNREACHED.includes(status));

/** What a mail in the thread means for who waits; null for a report that ends nothing, as one that delivery is delayed. */
export const outcomeOfMail = (automatic: AutomaticMail | null): Ending['outcome'] | null =>
  automatic === 'report' ? null : (automatic ?? 'reply');

const keyOf = (one: { organizationId: string; mode: string; threadId: string }): string =>
  `${one.organizationId} ${one.mode} ${one.threadId}`;

/** Ends waits for replies, each with its one fact, in the transaction of what ended it. */
@Injectable()
export class EndWaits {
  constructor(
    private readonly store: ExpectedReplyStore,
    private readonly outbox: Outbox,
  ) {}

  /** The first ending of each thread counts. @param endings  in the order in which they came. */
  async by(tx: Tx, endings: readonly CausedEnding[]): Promise<void> {
    if (endings.length === 0) return;
    const firsts = new Map(endings.toReversed().map((ending) => [keyOf(ending), ending]));
    const ended = await this.store.end(tx, [...firsts.values()]);
    await this.tell(tx, ended, (row) => firsts.get(keyOf(tenantOf(row)))?.cause);
  }

  /** @returns whether there may be more. */
  async byTheClock(tx: Tx): Promise<boolean> {
    const ended = await this.store.timeOut(tx);
    await this.tell(tx, ended, () => undefined);
    return ended.length > 0;
  }

  private async tell(
    tx: Tx,
    ended: readonly ExpectedReplyRow[],
    causeOf: (row: ExpectedReplyRow) => Cause | undefined,
  ): Promise<void> {
    await this.outbox.add(
      tx,
      ThreadReplyResolvedV1,
      ended.flatMap((row) => {
        const { outcome, ...expected } = toExpectedReply(row);
        if (outcome === null) return [];
        const { organizationId, mode } = tenantOf(row);
        return [
          {
            ...(causeOf(row) ?? { organizationId, mode }),
            data: { expected: { ...expected, outcome, status: 'resolved' } },
          },
        ];
      }),
    );
  }
}

const tenantOf = (row: ExpectedReplyRow) => ({
  organizationId: row.organization_id,
  mode: row.mode,
  threadId: row.thread_id,
});
