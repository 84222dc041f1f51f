import { Controller, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  CancelApproval,
  CancelSend,
  type CommandContext,
  type CommandInput,
  type CommandOutput,
  MoveSend,
  NoteInboxStatus,
} from '@postern/contracts';
import { Answers, commandServer } from '@postern/eventing';
import { createLogger, LOGGER, unavailable } from '@postern/platform';

/** What delivery and the guard answer from now on, and what they were asked. */
export interface LastDoor {
  cancelled: boolean;
  moved: boolean;
  approval: CommandOutput<typeof CancelApproval>;
  /** Does what was asked, but its answer is lost. */
  answersAreLost: boolean;
  readonly asked: { command: string; context: CommandContext; input: unknown }[];
  stop(): Promise<void>;
}

const LAST_DOOR = Symbol('LastDoor');

@Controller()
class DeliveryPlayer {
  constructor(@Inject(LAST_DOOR) private readonly door: LastDoor) {}

  @Answers(CancelSend)
  async cancel(context: CommandContext, input: CommandInput<typeof CancelSend>) {
    this.note(CancelSend.name, context, input);
    return { cancelled: this.door.cancelled };
  }

  @Answers(MoveSend)
  async move(context: CommandContext, input: CommandInput<typeof MoveSend>) {
    this.note(MoveSend.name, context, input);
    return { moved: this.door.moved };
  }

  @Answers(NoteInboxStatus)
  async noteInbox(context: CommandContext, input: CommandInput<typeof NoteInboxStatus>) {
    this.note(NoteInboxStatus.name, context, input);
    return {};
  }

  @Answers(CancelApproval)
  async cancelApproval(context: CommandContext, input: CommandInput<typeof CancelApproval>) {
    this.note(CancelApproval.name, context, input);
    return this.door.approval;
  }

  private note(command: string, context: CommandContext, input: unknown): void {
    this.door.asked.push({ command, context, input });
    if (this.door.answersAreLost) throw unavailable();
  }
}

/** Plays delivery and the guard: answers on the real bus what the test says. */
export async function playLastDoor(natsUrl: string): Promise<LastDoor> {
  const door: LastDoor = {
    cancelled: true,
    moved: true,
    approval: { outcome: 'cancelled' },
    answersAreLost: false,
    asked: [],
    stop: () => app.close(),
  };

  @Module({
    controllers: [DeliveryPlayer],
    providers: [
      { provide: LAST_DOOR, useValue: door },
      { provide: LOGGER, useValue: createLogger('last-door-player', 'silent') },
    ],
  })
  class PlayerModule {}

  const app = await NestFactory.createMicroservice(PlayerModule, {
    ...commandServer('delivery', natsUrl),
    logger: false,
    abortOnError: false,
  });
  await app.listen();
  return door;
}
