import { ListContentInUse } from '@postern/contracts';
import { answer, playService } from '@postern/testing';

/** What ingest names, and what happens when it is asked. */
interface Mails {
  readonly named: Set<string>;
  whenAsked: () => Promise<void>;
}

export interface Player {
  mails: Mails;
  stop(): Promise<void>;
}

/** Plays ingest, as far as messaging asks it, on the real bus. */
export async function playIngest(natsUrl: string): Promise<Player> {
  const mails: Mails = { named: new Set(), whenAsked: () => Promise.resolve() };
  const player = await playService(natsUrl, 'ingest', [
    answer(ListContentInUse, async ({ sha256s }) => {
      await mails.whenAsked();
      return { inUse: sha256s.filter((hash) => mails.named.has(hash)) };
    }),
  ]);
  return { mails, ...player };
}
