import { ResolveAddress } from '@postern/contracts';
import { answer, playService } from '@postern/testing';
import type { Owner } from '../src/recipients/recipient-lookup.js';

export interface Player {
  /** Addresses that messaging knows; ingest's projection does not. */
  owners: Map<string, Owner>;
  asked: readonly string[];
  stop(): Promise<void>;
}

/** Plays messaging's directory on the real bus. */
export async function playMessaging(natsUrl: string): Promise<Player> {
  const owners = new Map<string, Owner>();
  const asked: string[] = [];
  const player = await playService(natsUrl, 'messaging', [
    answer(ResolveAddress, ({ address }) => {
      asked.push(address);
      return { owner: owners.get(address) ?? null };
    }),
  ]);
  return { owners, asked, ...player };
}
