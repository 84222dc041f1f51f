import { Injectable } from '@nestjs/common';
import { CancelApproval, CancelSend, type CommandContext } from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import { AppError, Database } from '@postern/platform';
import { InboxStore } from '../store/inbox.store.js';
import type { MessageWithState } from '../store/message.row.js';

/** A cancel may be tried in these. `sending` is an attempt whose outcome nobody knows. */
const CANCELLABLE: readonly MessageWithState['stage'][] = ['scheduled', 'held', 'queued'];

/** Asks those who decide whether a message still goes: the guard, while people have a say, and then the last door. */
@Injectable()
export class AskToStop {
  constructor(
    private readonly database: Database,
    private readonly inboxes: InboxStore,
    private readonly commands: CommandClient,
  ) {}

  /**
   * @returns whether it is certain never to be sent.
   * @throws AppError `unavailable`, and then it may be stopped or not; asking again is safe.
   */
  async stop(context: CommandContext, message: MessageWithState): Promise<boolean> {
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
}
