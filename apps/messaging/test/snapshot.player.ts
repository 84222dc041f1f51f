import { Controller, type INestMicroservice, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { CommandContext, CommandDefinition, CommandInput, CommandOutput } from '@postern/contracts';
import { Answers, commandServer } from '@postern/eventing';
import { createLogger, LOGGER } from '@postern/platform';

/** Plays the owner of a projection: answers each page of its snapshot once its place is asked for. */
export async function playSnapshot<C extends CommandDefinition>(
  natsUrl: string,
  command: C,
  page: (input: CommandInput<C>) => CommandOutput<C>,
): Promise<INestMicroservice> {
  @Controller()
  class OwnerPlayer {
    @Answers(command)
    async answer(_context: CommandContext, input: CommandInput<C>): Promise<CommandOutput<C>> {
      return page(input);
    }
  }
  @Module({
    controllers: [OwnerPlayer],
    providers: [{ provide: LOGGER, useValue: createLogger('owner-player', 'silent') }],
  })
  class PlayerModule {}
  const app = await NestFactory.createMicroservice(PlayerModule, {
    ...commandServer('owner-player', natsUrl),
    logger: false,
    abortOnError: false,
  });
  await app.listen();
  return app;
}
