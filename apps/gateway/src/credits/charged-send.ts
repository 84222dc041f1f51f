import { Injectable } from '@nestjs/common';
import { type CommandInput, type Message, newId, SendMessage } from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import { AppError } from '@postern/platform';
import type { Answer } from '../edge/answer.js';
import type { Caller } from '../edge/caller.js';
import { ScanWait } from '../wait/scan-wait.js';
import { CreditDesk } from './credit-desk.js';

/** What an error with a lower status means for sure: messaging refused, and stored nothing. */
const UNSURE_FROM_STATUS = 500;

/** What a send asks of messaging, without what credits add. */
export type SendWish = Omit<CommandInput<typeof SendMessage>, 'messageId' | 'creditsExhausted'>;

/** Sends a message for a credit, where the organization has a limit. */
@Injectable()
export class ChargedSend {
  constructor(
    private readonly commands: CommandClient,
    private readonly desk: CreditDesk,
    private readonly scanWait: ScanWait,
  ) {}

  /** {@link accept}, and waits for the scan when the caller prefers that. */
  async run(caller: Caller, wish: SendWish): Promise<Answer<Message>> {
    return this.scanWait.hold(caller, await this.accept(caller, wish));
  }

  /**
   * The gateway makes the message's id, so that the reservation can be matched with what becomes of the message.
   * @throws AppError `credits_exhausted`, but not for the repeat of an accepted call: its replay wins, so messaging is asked.
   */
  async accept({ context, creditsPerMonth }: Caller, wish: SendWish): Promise<Answer<Message>> {
    const messageId = newId('msg');
    const { organizationId, mode } = context;
    if (mode === 'test' || creditsPerMonth === null)
      return this.commands.ask(SendMessage, context, { ...wish, messageId });
    const reserved = await this.desk.reserve(organizationId, messageId);
    try {
      const answer = await this.commands.ask(SendMessage, context, {
        ...wish,
        messageId,
        ...(!reserved && { creditsExhausted: true }),
      });
      if (answer.replayed) this.desk.release(organizationId, messageId);
      return answer;
    } catch (error) {
      // Without an answer the message may have been accepted: the reservation stays until that is known.
      if (error instanceof AppError && error.httpStatus < UNSURE_FROM_STATUS)
        this.desk.release(organizationId, messageId);
      throw error;
    }
  }
}
