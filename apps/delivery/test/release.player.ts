import { Controller, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type CommandContext, type CommandInput, ReleaseDomain } from '@postern/contracts';
import { Answers, commandServer } from '@postern/eventing';
import { createLogger, LOGGER } from '@postern/platform';

/** What messaging says about domains that are to be deleted. */
export interface Release {
  /** Names that inboxes use. */
  readonly used: Set<string>;
  stop(): Promise<void>;
}

const RELEASE = Symbol('Release');

@Controller()
class MessagingPlayer {
  constructor(@Inject(RELEASE) private readonly release: Release) {}

  @Answers(ReleaseDomain)
  async answer(_context: CommandContext, { name }: CommandInput<typeof ReleaseDomain>) {
    return { released: !this.release.used.has(name) };
  }
}

/** Plays messaging: answers on the real bus what the test says. */
export async function playRelease(natsUrl: string): Promise<Release> {
  const release: Release = { used: new Set(), stop: () => app.close() };

  @Module({
    controllers: [MessagingPlayer],
    providers: [
      { provide: RELEASE, useValue: release },
      { provide: LOGGER, useValue: createLogger('release-player', 'silent') },
    ],
  })
  class PlayerModule {}

  const app = await NestFactory.createMicroservice(PlayerModule, {
    ...commandServer('messaging', natsUrl),
    logger: false,
    abortOnError: false,
  });
  await app.listen();
  return release;
}
