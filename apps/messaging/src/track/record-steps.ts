import { Injectable } from '@nestjs/common';
import { MessageStatusChangedV1 } from '@postern/contracts';
import { type NewFact, Outbox } from '@postern/eventing';
import type { Tx } from '@postern/platform';
import { toSummary } from '../store/message.mapper.js';
import type { MessageWithState } from '../store/message.row.js';
import { ScheduleStore } from '../store/schedule.store.js';
import { StateStore, type Counted, type Happening } from '../store/state.store.js';
import type { Step } from './step.js';

/** A step, and the chain of facts that it belongs to. */
export interface CausedStep {
  cause: Omit<NewFact<typeof MessageStatusChangedV1>, 'data'>;
  step: Step;
}

/** Which announcements count in the inbox's counters. */
const COUNTED: Readonly<Partial<Record<string, Counted>>> = {
  'message.sent': 'sent',
  'message.flagged': 'flagged',
  'message.bounced': 'bounced',
  'message.complained': 'complained',
};

/** Writes steps of messages whose states are locked: state, counters and what is told of them. */
@Injectable()
export class RecordSteps {
  constructor(
    private readonly states: StateStore,
    private readonly schedule: ScheduleStore,
    private readonly outbox: Outbox,
  ) {}

  /** @param before  the messages as they were locked. @param caused  in order; a message may have several. */
  async run(tx: Tx, before: readonly MessageWithState[], caused: readonly CausedStep[]): Promise<void> {
    const after = [...new Map(caused.map(({ step: { message } }) => [keyOf(message), message])).values()];
    await this.states.update(tx, after);
    const timeBefore = new Map(before.map((message) => [keyOf(message), message.send_at?.getTime()]));
    await this.schedule.save(
      tx,
      after.filter((message) => message.send_at?.getTime() !== timeBefore.get(keyOf(message))),
    );
    await this.states.count(
      tx,
      caused.flatMap(({ step }) => happeningOf(step)),
    );
    await this.outbox.add(
      tx,
      MessageStatusChangedV1,
      caused.map(({ cause, step }) => ({
        ...cause,
        data: {
          message: toSummary(step.message),
          version: step.message.version,
          announce: step.announce,
          recipient: step.recipient,
        },
      })),
    );
  }
}

const keyOf = ({ organization_id, mode, id }: MessageWithState): string => `${organization_id}/${mode}/${id}`;

function happeningOf({ announce, message }: Step): Happening[] {
  const what = announce === null ? undefined : COUNTED[announce];
  return what === undefined ? [] : [{ message, what }];
}
