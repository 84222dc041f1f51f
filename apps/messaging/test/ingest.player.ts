import { Controller, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type CommandContext, type CommandInput, ListContentInUse } from '@postern/contracts';
import { Answers, commandServer } from '@postern/eventing';
import { createLogger, LOGGER } from '@postern/platform';

/** What ingest names, and what happens when it is asked. */
class Mails {
  readonly named = new Set<string>();
  whenAsked: () => Promise<void> = () => Promise.resolve();
}

@Controller()
class IngestPlayer {
  constructor(@Inject(Mails) private readonly mails: Mails) {}

  @Answers(ListContentInUse)
  async inUse(_context: CommandContext, { sha256s }: CommandInput<typeof ListContentInUse>) {
    await this.mails.whenAsked();
    return { inUse: sha256s.filter((hash) => this.mails.named.has(hash)) };
  }
}

export interface Player {
  mails: Mails;
  stop(): Promise<void>;
}

/** Plays ingest, as far as messaging asks it, on the real bus. */
export async function playIngest(natsUrl: string): Promise<Player> {
  const mails = new Mails();

  @Module({
    controllers: [IngestPlayer],
    providers: [
      { provide: Mails, useValue: mails },
      { provide: LOGGER, useValue: createLogger('ingest-player', 'silent') },
    ],
  })
  class PlayerModule {}

  const app = await NestFactory.createMicroservice(PlayerModule, {
    ...commandServer('ingest', natsUrl),
    logger: false,
    abortOnError: false,
  });
  await app.listen();
  return { mails, stop: () => app.close() };
}
