import { Controller, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CheckRevision, type CommandContext, type CommandInput } from '@postern/contracts';
import { Answers, commandServer } from '@postern/eventing';
import { type AppError, createLogger, LOGGER } from '@postern/platform';

/** What messaging answers from now on about edits, and what it was asked. */
export interface Messaging {
  /** Null: the edit can be made. */
  refusal: AppError | null;
  readonly asked: CommandInput<typeof CheckRevision>[];
  stop(): Promise<void>;
}

const MESSAGING = Symbol('Messaging');

@Controller()
class MessagingPlayer {
  constructor(@Inject(MESSAGING) private readonly messaging: Messaging) {}

  @Answers(CheckRevision)
  async check(_context: CommandContext, input: CommandInput<typeof CheckRevision>) {
    this.messaging.asked.push(input);
    if (this.messaging.refusal !== null) throw this.messaging.refusal;
    return { sizeBytes: 1 };
  }
}

/** Plays messaging: answers on the real bus what the test says. */
export async function playMessaging(natsUrl: string): Promise<Messaging> {
  const messaging: Messaging = { refusal: null, asked: [], stop: () => app.close() };

  @Module({
    controllers: [MessagingPlayer],
    providers: [
      { provide: MESSAGING, useValue: messaging },
      { provide: LOGGER, useValue: createLogger('messaging-player', 'silent') },
    ],
  })
  class PlayerModule {}

  const app = await NestFactory.createMicroservice(PlayerModule, {
    ...commandServer('messaging', natsUrl),
    logger: false,
    abortOnError: false,
  });
  await app.listen();
  return messaging;
}
