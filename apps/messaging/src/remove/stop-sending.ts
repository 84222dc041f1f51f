import { Injectable } from '@nestjs/common';
import { CancelSend, type CommandContext, type MessageId } from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import type { Doomed } from '../store/removal.store.js';

/** Questions to delivery at the same time. */
const AT_ONCE = 20;
const BEFORE_HAND_OVER: ReadonlySet<string> = new Set(['scheduled', 'held', 'queued', 'sending']);

/** Whether SES may still be asked to send a message. */
export const mayBeSent = ({ direction, stage }: Pick<Doomed, 'direction' | 'stage'>): boolean =>
  direction === 'outbound' && BEFORE_HAND_OVER.has(stage);

/** Asks the last door to let messages out no more. */
@Injectable()
export class StopSending {
  constructor(private readonly commands: CommandClient) {}

  /**
   * @returns those of the messages that are certain never to be sent now.
   * @throws AppError `unavailable` when delivery does not answer; asking again is safe.
   */
  async stop(context: CommandContext, messages: readonly Pick<Doomed, 'id'>[]): Promise<Set<MessageId>> {
    const asker = { ...context, idempotency: null };
    const stopped = new Set<MessageId>();
    for (let at = 0; at < messages.length; at += AT_ONCE) {
      await Promise.all(
        messages.slice(at, at + AT_ONCE).map(async ({ id }) => {
          const { value } = await this.commands.ask(CancelSend, asker, { messageId: id });
          if (value.cancelled) stopped.add(id);
        }),
      );
    }
    return stopped;
  }
}
