import { Injectable } from '@nestjs/common';
import type {
  AutomaticMail,
  CommandContext,
  CommandInput,
  ExpectedReply,
  ExpectReply as Command,
  Tenant,
} from '@postern/contracts';
import { Idempotent, type Replay } from '@postern/eventing';
import { Database, notFound, type Tx } from '@postern/platform';
import {
  type Ending,
  type ExpectedReplyRow,
  ExpectedReplyStore,
  type LastOutbound,
  toExpectedReply,
} from '../store/expected-reply.store.js';
import { ThreadStore } from '../store/thread.store.js';
import { bouncedForAll, EndWaits, outcomeOfMail } from './end-waits.js';

/** Begins to wait for a reply in a thread. What came between the send and this call is not missed. */
@Injectable()
export class ExpectReply {
  constructor(
    private readonly database: Database,
    private readonly threads: ThreadStore,
    private readonly store: ExpectedReplyStore,
    private readonly idempotent: Idempotent,
    private readonly waits: EndWaits,
  ) {}

  /** @throws AppError `not_found`; `idempotency_conflict`. */
  async run(
    context: CommandContext,
    { id, by }: CommandInput<typeof Command>,
  ): Promise<ExpectedReply | Replay<ExpectedReply>> {
    const replay = (): Promise<ExpectedReply> => this.again(context, id);
    const earlier = await this.idempotent.earlier(context, replay);
    if (earlier !== null) return earlier;
    const thread = await this.database.asTenant(context, (tx) => this.threads.find(tx, context, id, context.inboxIds));
    if (thread === null) throw notFound('thread');
    const work = (tx: Tx): Promise<ExpectedReply> => this.begin(tx, context, id, new Date(by));
    return this.idempotent.once(context, { resourceId: id, work, replay });
  }

  private async begin(tx: Tx, tenant: Tenant, id: string, by: Date): Promise<ExpectedReply> {
    const inboxId = await this.store.lockThread(tx, tenant, id);
    if (inboxId === null) throw notFound('thread');
    // Before the wait, as feedback does: who has the state of a message goes on to the wait of its thread.
    const sent = await this.store.lastOutbound(tx, tenant, id);
    const row = await this.store.put(tx, tenant, id, inboxId, by);
    const answered = await this.answered(tx, row, sent);
    if (answered !== null) await this.waits.by(tx, [{ ...answered, cause: { ...tenantOf(row) } }]);
    return shown(await this.store.find(tx, tenant, id));
  }

  /** What ended it before it began. */
  private async answered(tx: Tx, row: ExpectedReplyRow, sent: LastOutbound | null): Promise<Ending | null> {
    const mail = await this.store.firstAnswer(tx, row);
    const outcome = mail === null ? null : outcomeOfMail(mail.automatic as AutomaticMail | null);
    const ended = { ...tenantOf(row), threadId: row.thread_id };
    if (mail !== null && outcome !== null) return { ...ended, messageId: mail.id, outcome };
    const isNews = sent !== null && (row.after_message === null || sent.id > row.after_message);
    return isNews && bouncedForAll(sent.recipients) ? { ...ended, messageId: sent.id, outcome: 'bounce' } : null;
  }

  private async again(context: CommandContext, id: string): Promise<ExpectedReply> {
    const row = await this.database.asTenant(context, async (tx) => {
      const thread = await this.threads.find(tx, context, id, context.inboxIds);
      return thread === null ? null : this.store.find(tx, context, id);
    });
    return shown(row);
  }
}

/** @throws AppError `not_found`: a wait is gone with its thread. */
function shown(row: ExpectedReplyRow | null): ExpectedReply {
  if (row === null) throw notFound('thread');
  return toExpectedReply(row);
}

const tenantOf = ({ organization_id, mode }: ExpectedReplyRow): Tenant => ({ organizationId: organization_id, mode });
