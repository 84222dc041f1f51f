import { CheckRevision, type CommandInput } from '@postern/contracts';
import type { AppError } from '@postern/platform';
import { answer, playService } from '@postern/testing';

/** What messaging answers from now on about edits, and what it was asked. */
export interface Messaging {
  /** Null: the edit can be made. */
  refusal: AppError | null;
  readonly asked: CommandInput<typeof CheckRevision>[];
  stop(): Promise<void>;
}

/** Plays messaging: answers on the real bus what the test says. */
export async function playMessaging(natsUrl: string): Promise<Messaging> {
  const messaging: Omit<Messaging, 'stop'> = { refusal: null, asked: [] };
  const player = await playService(natsUrl, 'messaging', [
    answer(CheckRevision, (input) => {
      messaging.asked.push(input);
      if (messaging.refusal !== null) throw messaging.refusal;
      return { sizeBytes: 1 };
    }),
  ]);
  return Object.assign(messaging, player);
}
