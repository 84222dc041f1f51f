import { Controller, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type CommandContext, type CommandInput, type CommandOutput, ResolveAddress } from '@postern/contracts';
import { Answers, commandServer } from '@postern/eventing';
import { createLogger, LOGGER } from '@postern/platform';
import type { Owner } from '../src/recipients/recipient-lookup.js';

/** What the player knows, and what it was asked. */
class Directory {
  readonly owners = new Map<string, Owner>();
  readonly asked: string[] = [];
}

@Controller()
class MessagingPlayer {
  constructor(@Inject(Directory) private readonly directory: Directory) {}

  @Answers(ResolveAddress)
  async resolve(
    _context: CommandContext,
    { address }: CommandInput<typeof ResolveAddress>,
  ): Promise<CommandOutput<typeof ResolveAddress>> {
    this.directory.asked.push(address);
    return { owner: this.directory.owners.get(address) ?? null };
  }
}

export interface Player {
  /** Addresses that messaging knows; ingest's projection does not. */
  owners: Map<string, Owner>;
  asked: readonly string[];
  stop(): Promise<void>;
}

/** Plays messaging's directory on the real bus. */
export async function playMessaging(natsUrl: string): Promise<Player> {
  const directory = new Directory();
  const logger = createLogger('messaging-player', 'silent');

  @Module({
    controllers: [MessagingPlayer],
    providers: [
      { provide: Directory, useValue: directory },
      { provide: LOGGER, useValue: logger },
    ],
  })
  class PlayerModule {}

  const app = await NestFactory.createMicroservice(PlayerModule, {
    ...commandServer('messaging', natsUrl),
    logger: false,
    abortOnError: false,
  });
  await app.listen();
  return { owners: directory.owners, asked: directory.asked, stop: () => app.close() };
}
