import { Controller, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CancelApproval, CancelSend, type CommandContext, type CommandInput } from '@postern/contracts';
import { Answers, commandServer } from '@postern/eventing';
import { createLogger, LOGGER } from '@postern/platform';

/** What delivery says when it is asked to stop a message, and what it was asked. */
export class StopDoor {
  readonly asked: string[] = [];
  readonly approvals: string[] = [];
  answer: (messageId: string) => Promise<boolean> = async () => true;
}

@Controller()
class StopSendingPlayer {
  constructor(@Inject(StopDoor) private readonly door: StopDoor) {}

  @Answers(CancelSend)
  async cancel(_context: CommandContext, { messageId }: CommandInput<typeof CancelSend>) {
    this.door.asked.push(messageId);
    return { cancelled: await this.door.answer(messageId) };
  }

  @Answers(CancelApproval)
  async cancelApproval(_context: CommandContext, { messageId }: CommandInput<typeof CancelApproval>) {
    this.door.approvals.push(messageId);
    return { outcome: 'cancelled' as const };
  }
}

/** Plays delivery and the guard on the real bus, as far as stopping messages goes. */
export async function playStops(natsUrl: string): Promise<StopDoor & { stop(): Promise<void> }> {
  const door = new StopDoor();

  @Module({
    controllers: [StopSendingPlayer],
    providers: [
      { provide: StopDoor, useValue: door },
      { provide: LOGGER, useValue: createLogger('stop-sending-player', 'silent') },
    ],
  })
  class PlayerModule {}

  const app = await NestFactory.createMicroservice(PlayerModule, {
    ...commandServer('last-door', natsUrl),
    logger: false,
    abortOnError: false,
  });
  await app.listen();
  return Object.assign(door, { stop: () => app.close() });
}
