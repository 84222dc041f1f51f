import { Injectable } from '@nestjs/common';
import { type CommandInput, covers, type Message, newId, SendMessage, type SendReads } from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import { AppError } from '@postern/platform';
import type { Answer } from '../edge/answer.js';
import type { Caller } from '../edge/caller.js';
import { ScanWait } from '../wait/scan-wait.js';
import { CreditDesk } from './credit-desk.js';

/** What an error with a lower status means for sure: messaging refused, and stored nothing. */
const UNSURE_FROM_STATUS = 500;

/** What a send asks of messaging, without what credits add. */
export type SendWish = Omit<CommandInput<typeof SendMessage>, keyof Charged>;

/** What every command that makes an outbound message gets from here. */
export type Charged = Pick<CommandInput<typeof SendMessage>, 'messageId' | 'creditsExhausted' | 'reads'>;

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

  /** {@link charge}, and waits for the scan when the caller prefers that. */
  async chargeAndWait(caller: Caller, ask: (charged: Charged) => Promise<Answer<Message>>): Promise<Answer<Message>> {
    return this.scanWait.hold(caller, await this.charge(caller, ask));
  }

  /** Sends a message. @throws AppError as {@link charge} does. */
  accept(caller: Caller, wish: SendWish): Promise<Answer<Message>> {
    return this.charge(caller, (charged) => this.commands.ask(SendMessage, caller.context, { ...wish, ...charged }));
  }

  /**
   * Asks messaging for something that makes one outbound message, for a credit.
   * The gateway makes the message's id, so that the reservation can be matched with what becomes of the message.
   * @param ask  passes on what it gets beside its own input.
   * @throws AppError `credits_exhausted`, but not for the repeat of an accepted call: its replay wins, so messaging is asked.
   */
  async charge(caller: Caller, ask: (charged: Charged) => Promise<Answer<Message>>): Promise<Answer<Message>> {
    const charged = { messageId: newId('msg'), reads: readsOf(caller) };
    const { organizationId, mode } = caller.context;
    if (mode === 'test' || caller.creditsPerMonth === null) return ask(charged);
    const { messageId } = charged;
    const reserved = await this.desk.reserve(organizationId, messageId);
    try {
      const answer = await ask({ ...charged, ...(!reserved && { creditsExhausted: true }) });
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

/** What the caller may be shown of messages that a refusal tells of. */
export function readsOf({ scopes, readsWithheld }: Caller): SendReads {
  if (!covers(scopes, 'messages:read')) return 'nothing';
  return readsWithheld ? 'everything' : 'unwithheld';
}
