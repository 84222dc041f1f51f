import { Injectable } from '@nestjs/common';
import { GetMessage, type Message, type MessageSummary } from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import { AppError } from '@postern/platform';
import type { Answer } from '../edge/answer.js';
import type { Caller } from '../edge/caller.js';
import { MessageWaits } from './message-waits.js';

/** Messages after a wait, and the preference that was heeded, as an {@link Answer} names it. */
type Settled = { messages: readonly Message[] } & Pick<Answer<unknown>, 'preferenceApplied'>;

/** Holds the reply to a send until the scan has decided, for clients that prefer to wait. */
@Injectable()
export class ScanWait {
  constructor(
    private readonly waits: MessageWaits,
    private readonly commands: CommandClient,
  ) {}

  /** @returns the answer with the message as it is after the scan, or as it is known when time is up. Never fails. */
  async hold(caller: Caller, answer: Answer<Message>): Promise<Answer<Message>> {
    const { messages, ...heeded } = await this.settle(caller, [answer.value]);
    return { ...answer, ...heeded, value: messages[0] ?? answer.value };
  }

  /**
   * Waits until the scan has decided about all of some messages that were accepted, if the caller prefers that.
   * @returns them in their order, as they are then or as they are known when time is up, and the preference if there was
   * room to heed it. Never fails: they are accepted, whatever becomes of the wait.
   */
  async settle(caller: Caller, messages: readonly Message[]): Promise<Settled> {
    const { waitSeconds } = caller;
    if (waitSeconds === null) return { messages };
    const known = new Map(messages.map((message) => [message.id, message]));
    const undecided = new Set(messages.filter((message) => !isDecided(message)).map(({ id }) => id));
    const preferenceApplied = `wait=${waitSeconds}`;
    if (undecided.size === 0) return { messages, preferenceApplied };
    try {
      await this.untilDecided(caller, waitSeconds, known, undecided);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { messages };
    }
    return { messages: messages.map((message) => known.get(message.id) ?? message), preferenceApplied };
  }

  private async untilDecided(
    caller: Caller,
    seconds: number,
    known: Map<Message['id'], Message>,
    undecided: Set<Message['id']>,
  ): Promise<void> {
    // Nothing is made, so nothing is a repeat.
    const context = { ...caller.context, idempotency: null };
    const heardOf = new Set<Message['id']>();
    await this.waits.until(caller, {
      seconds,
      // Many messages are asked after once, when facts have told of all of them.
      concerns: (message) => {
        if (undecided.has(message.id) && isDecided(message)) heardOf.add(message.id);
        return heardOf.size > 0 && [...undecided].every((id) => heardOf.has(id));
      },
      look: async () => {
        const asked = [...undecided].map(async (id) => {
          const { value } = await this.commands.ask(GetMessage, context, { id, readWithheld: caller.readsWithheld });
          known.set(id, value);
          if (isDecided(value)) undecided.delete(id);
        });
        await Promise.all(asked);
        return undecided.size === 0 ? true : null;
      },
    });
  }
}

type Decidable = Pick<MessageSummary, 'security_status' | 'delivery_status'>;

/** A message that was cancelled before its scan gets no verdict any more. */
const isDecided = ({ security_status, delivery_status }: Decidable): boolean =>
  security_status !== 'pending' || delivery_status === 'cancelled';
