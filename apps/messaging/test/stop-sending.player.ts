import { CancelApproval, CancelSend } from '@postern/contracts';
import { answer, playService } from '@postern/testing';

/** What delivery says when it is asked to stop a message, and what it was asked. */
export interface StopDoor {
  readonly asked: string[];
  readonly approvals: string[];
  answer: (messageId: string) => Promise<boolean>;
  stop(): Promise<void>;
}

/** Plays delivery and the guard on the real bus, as far as stopping messages goes. */
export async function playStops(natsUrl: string): Promise<StopDoor> {
  const door: Omit<StopDoor, 'stop'> = { asked: [], approvals: [], answer: async () => true };
  const player = await playService(natsUrl, 'last-door', [
    answer(CancelSend, async ({ messageId }) => {
      door.asked.push(messageId);
      return { cancelled: await door.answer(messageId) };
    }),
    answer(CancelApproval, ({ messageId }) => {
      door.approvals.push(messageId);
      return { outcome: 'cancelled' as const };
    }),
  ]);
  return Object.assign(door, player);
}
