import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { CommandContext, CommandDefinition, CommandInput, CommandOutput } from '@postern/contracts';
import { Answers, commandServer, type Replay } from '@postern/eventing';
import { createLogger, LOGGER } from '@postern/platform';

type MaybePromise<T> = T | Promise<T>;

/** What a played service says to one command. */
export interface PlayedAnswer {
  register(player: object, method: string): void;
}

/** @param answer  may throw an AppError, as the real service does. */
export const answer = <C extends CommandDefinition>(
  command: C,
  answer: (
    input: CommandInput<C>,
    context: CommandContext,
  ) => MaybePromise<CommandOutput<C> | Replay<CommandOutput<C>>>,
): PlayedAnswer => ({
  register(player, method) {
    const descriptor = { value: async (context: CommandContext, input: CommandInput<C>) => answer(input, context) };
    Answers(command)(player, method, descriptor);
    Object.defineProperty(player, method, descriptor);
  },
});

/** Answers commands on the real bus in the place of a service that a test does not start. */
export async function playService(
  natsUrl: string,
  service: string,
  answers: readonly PlayedAnswer[],
): Promise<{ stop(): Promise<void> }> {
  @Controller()
  class Player {}
  for (const [n, { register }] of answers.entries()) register(Player.prototype, `answer${n}`);

  @Module({
    controllers: [Player],
    providers: [{ provide: LOGGER, useValue: createLogger(`${service}-player`, 'silent') }],
  })
  class PlayerModule {}

  const app = await NestFactory.createMicroservice(PlayerModule, {
    ...commandServer(service, natsUrl),
    logger: false,
    abortOnError: false,
  });
  await app.listen();
  return { stop: () => app.close() };
}
