import { ReleaseDomain } from '@postern/contracts';
import { answer, playService } from '@postern/testing';

/** What messaging says about domains that are to be deleted. */
export interface Release {
  /** Names that inboxes use. */
  readonly used: Set<string>;
  stop(): Promise<void>;
}

/** Plays messaging: answers on the real bus what the test says. */
export async function playRelease(natsUrl: string): Promise<Release> {
  const used = new Set<string>();
  const player = await playService(natsUrl, 'messaging', [
    answer(ReleaseDomain, ({ name }) => ({ released: !used.has(name) })),
  ]);
  return { used, ...player };
}
