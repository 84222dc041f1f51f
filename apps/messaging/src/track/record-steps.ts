import { Injectable } from '@nestjs/common';
import { MessageStatusChangedV1 } from '@postern/contracts';
import { type NewFact, Outbox } from '@postern/eventing';
import type { Tx } from '@postern/platform';
import { bouncedForAll, type CausedEnding, EndWaits } from '../expect/end-waits.js';
import { historyOf } from '../history/history-of.js';
import { HistoryStore, type HistoryRow } from '../store/history.store.js';
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
    private readonly history: HistoryStore,
    private readonly waits: EndWaits,
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
    await this.history.add(tx, historyRows(before, caused));
    await this.waits.by(tx, caused.flatMap(endingOf));
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

/** Each step is told by what it changed of the one before it. */
function historyRows(before: readonly MessageWithState[], caused: readonly CausedStep[]): HistoryRow[] {
  const known = new Map(before.map((message) => [keyOf(message), message]));
  return caused.flatMap(({ step }) => {
    const key = keyOf(step.message);
    const row = historyOf(known.get(key) ?? step.message, step);
    known.set(key, step.message);
    return row ?? [];
  });
}

function endingOf({ cause, step: { announce, message } }: CausedStep): CausedEnding[] {
  if (announce !== 'message.bounced' || !bouncedForAll(message.recipients)) return [];
  const { organizationId, mode } = cause;
  return [{ organizationId, mode, threadId: message.thread_id, messageId: message.id, outcome: 'bounce', cause }];
}

function happeningOf({ announce, message }: Step): Happening[] {
  const what = announce === null ? undefined : COUNTED[announce];
  return what === undefined ? [] : [{ message, what }];
}
