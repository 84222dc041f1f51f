import { Injectable } from '@nestjs/common';
import { CancelApproval, CancelSend, type CommandContext, type MessageId } from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import type { Doomed } from '../store/removal.store.js';
import { beforeHandOver } from '../track/step.js';

/** Questions to delivery at the same time. */
const AT_ONCE = 20;

/** Whether SES may still be asked to send a message. */
export const mayBeSent = (message: Pick<Doomed, 'direction' | 'stage'>): boolean =>
  message.direction === 'outbound' && beforeHandOver(message);

/** Asks the guard and the last door to let messages out no more. */
@Injectable()
export class StopSending {
  constructor(private readonly commands: CommandClient) {}

  /**
   * @returns those of the messages that are certain never to be sent now.
   * @throws AppError `unavailable` when one of them does not answer; asking again is safe.
   */
  async stop(context: CommandContext, messages: readonly Doomed[]): Promise<Set<MessageId>> {
    const asker = { ...context, idempotency: null };
    const stopped = new Set<MessageId>();
    for (let at = 0; at < messages.length; at += AT_ONCE) {
      await Promise.all(
        messages.slice(at, at + AT_ONCE).map(async ({ id, stage }) => {
          // Nobody shall decide on it any more. Whatever people have said by now, the last door has the last word.
          if (stage === 'held') await this.commands.ask(CancelApproval, asker, { messageId: id });
          const { value } = await this.commands.ask(CancelSend, asker, { messageId: id });
          if (value.cancelled) stopped.add(id);
        }),
      );
    }
    return stopped;
  }
}
