import { Injectable } from '@nestjs/common';
import { CancelApproval, CancelSend, type CommandContext, type Message } from '@postern/contracts';
import { CommandClient, IdempotencyKeys, Replay } from '@postern/eventing';
import { AppError, conflict, Database, notFound, type Tx } from '@postern/platform';
import { MessageReader } from '../read/message-reader.js';
import { InboxStore } from '../store/inbox.store.js';
import { MessageReadStore } from '../store/message-read.store.js';
import type { MessageWithState } from '../store/message.row.js';
import { RecordSteps } from '../track/record-steps.js';
import { cancelled } from '../track/send-changes.js';

/** A cancel may be tried in these. `sending` is an attempt whose outcome nobody knows. */
const CANCELLABLE: readonly MessageWithState['stage'][] = ['scheduled', 'held', 'queued'];

/**
 * Takes a message back. Delivery decides whether it can still be: its yes comes before anything is written here. If this
 * process dies in between, the fact of that yes does the rest (track/).
 */
@Injectable()
export class CancelMessage {
  constructor(
    private readonly database: Database,
    private readonly messages: MessageReadStore,
    private readonly inboxes: InboxStore,
    private readonly reader: MessageReader,
    private readonly keys: IdempotencyKeys,
    private readonly commands: CommandClient,
    private readonly steps: RecordSteps,
  ) {}

  /** @throws AppError `not_found`; `invalid_state` when it is too late; `unavailable`, and then it may be cancelled or not. */
  async run(context: CommandContext, id: string): Promise<Message | Replay<Message>> {
    const earlier = await this.keys.find(context);
    if (earlier !== null) return this.replay(context, earlier);
    const message = await this.database.asTenant(context, (tx) =>
      this.messages.find(tx, context, id, context.inboxIds),
    );
    if (message === null) throw notFound('message');
    if (!(await this.stop(context, message))) return this.refuse(context, message);
    const taken = await this.database.transaction(async (tx) => {
      const holder = await this.keys.take(tx, context, message.id);
      await this.record(tx, context, message);
      return holder;
    });
    return taken === null ? this.reader.get(context, message.id, true) : this.replay(context, taken);
  }

  /** @returns whether it is certain never to be sent. */
  private async stop(context: CommandContext, message: MessageWithState): Promise<boolean> {
    if (!CANCELLABLE.includes(message.stage)) return false;
    const asker = { ...context, idempotency: null };
    if (!(await this.mayStop(asker, message))) return false;
    const { value } = await this.commands.ask(CancelSend, asker, { messageId: message.id });
    return value.cancelled;
  }

  /**
   * What people have let go goes, unless it is for later or its inbox is paused. The guard is asked whenever people have a say, or may have by now:
   * what is known here of a hold may be late, and an approval and a cancel must not both be granted.
   */
  private async mayStop(asker: CommandContext, message: MessageWithState): Promise<boolean> {
    const isHeld = message.stage === 'held' || message.approval !== null;
    if (!isHeld && message.security_status !== 'pending') return true;
    try {
      const { value } = await this.commands.ask(CancelApproval, asker, { messageId: message.id });
      if (value.outcome === 'approved') {
        return new Date(value.notBefore) > new Date() || (await this.isPaused(asker, message));
      }
      return value.outcome === 'cancelled';
    } catch (error) {
      // While the guard is away nobody approves: what it has not judged yet is delivery's to stop.
      if (!isHeld && error instanceof AppError && error.code === 'unavailable') return true;
      throw error;
    }
  }

  private async isPaused(asker: CommandContext, { inbox_id }: MessageWithState): Promise<boolean> {
    const inbox = await this.database.asTenant(asker, (tx) => this.inboxes.find(tx, asker, inbox_id, asker.inboxIds));
    return inbox?.status === 'paused';
  }

  /** It may be too late because another call with the same idempotency key was faster: then that one's answer is the answer. */
  private async refuse(context: CommandContext, { delivery_status }: MessageWithState): Promise<Replay<Message>> {
    const earlier = await this.keys.find(context);
    if (earlier !== null) return this.replay(context, earlier);
    throw conflict('invalid_state', 'Nothing can be cancelled any more: read the message to see what became of it.', {
      details: { delivery_status },
    });
  }

  private async record(tx: Tx, context: CommandContext, { id }: MessageWithState): Promise<void> {
    const { organizationId, mode } = context;
    const rows = await this.messages.lock(tx, [{ organizationId, mode, messageId: id }]);
    const steps = rows.flatMap((row) => cancelled(row, new Date().toISOString()));
    await this.steps.run(
      tx,
      rows,
      steps.map((step) => ({ cause: { organizationId, mode }, step })),
    );
  }

  private async replay(context: CommandContext, id: string): Promise<Replay<Message>> {
    return new Replay(await this.reader.get(context, id, true));
  }
}
