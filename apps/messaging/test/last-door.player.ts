import {
  CancelApproval,
  CancelSend,
  type CommandContext,
  type CommandDefinition,
  type CommandInput,
  type CommandOutput,
  MoveSend,
  NoteInboxStatus,
} from '@postern/contracts';
import { unavailable } from '@postern/platform';
import { answer, playService } from '@postern/testing';

/** What delivery and the guard answer from now on, and what they were asked. */
export interface LastDoor {
  cancelled: boolean;
  moved: boolean;
  approval: CommandOutput<typeof CancelApproval>;
  /** Does what was asked, but its answer is lost. */
  answersAreLost: boolean;
  readonly asked: { command: string; context: CommandContext; input: unknown }[];
  stop(): Promise<void>;
}

/** Plays delivery and the guard: answers on the real bus what the test says. */
export async function playLastDoor(natsUrl: string): Promise<LastDoor> {
  const door: Omit<LastDoor, 'stop'> = {
    cancelled: true,
    moved: true,
    approval: { outcome: 'cancelled' },
    answersAreLost: false,
    asked: [],
  };
  const noted = <C extends CommandDefinition>(command: C, say: () => CommandOutput<C>) =>
    answer(command, (input: CommandInput<C>, context) => {
      door.asked.push({ command: command.name, context, input });
      if (door.answersAreLost) throw unavailable();
      return say();
    });
  const player = await playService(natsUrl, 'delivery', [
    noted(CancelSend, () => ({ cancelled: door.cancelled })),
    noted(MoveSend, () => ({ moved: door.moved })),
    noted(NoteInboxStatus, () => ({})),
    noted(CancelApproval, () => door.approval),
  ]);
  return Object.assign(door, player);
}
