import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { suppresses, SuppressionAddedV1 } from '@postern/contracts';
import { Outbox, type OutboxRow } from '@postern/eventing';
import { AppError, Database, GroupCommit, type Tx } from '@postern/platform';
import { ReputationNotes } from '../store/reputation-notes.js';
import { ResultStore, type Result } from '../store/results.js';
import { SuppressionStore, type NewSuppression } from '../store/suppressions.js';
import type { CarrierFeedback } from './outcome.js';
import { ResultFacts } from './result-facts.js';
import { factOf, type TracedSend } from './send.js';

/** A result, and the feedback that came with it. */
export interface FullResult extends Result {
  feedback: CarrierFeedback[];
}

/** The longest pause between two tries to write a result. */
const RETRY_MAX_MS = 2_000;
const RETRY_FIRST_MS = 50;

/** Writes what callers found out, with its facts: those that wait while a commit runs are the next commit. */
@Injectable()
export class Results {
  private readonly group: GroupCommit<FullResult, boolean>;
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly store: ResultStore,
    private readonly suppressions: SuppressionStore,
    private readonly notes: ReputationNotes,
    private readonly outbox: Outbox,
    private readonly facts: ResultFacts,
  ) {
    // One at a time: the call took longer than a commit, and twice as many results in one cost half the statements.
    const commit = (results: FullResult[]) => this.database.transaction((tx) => this.commit(tx, results));
    this.group = new GroupCommit({ inFlight: 1, commit });
  }

  /**
   * Writes a result, and goes on trying while the database is away: what SES answered is known nowhere else.
   * @returns whether it changed anything; false when another has settled or claimed the send meanwhile.
   * @throws when the service stops before the database is back. The send is in doubt then, when its lease ends.
   */
  async save(result: FullResult): Promise<boolean> {
    for (let pauseMs = RETRY_FIRST_MS; ; pauseMs = Math.min(RETRY_MAX_MS, pauseMs * 2)) {
      try {
        return await this.group.add(result);
      } catch (error) {
        if (this.stopping || !(error instanceof AppError && error.temporary)) throw error;
        await delay(pauseMs);
      }
    }
  }

  /** From now on a result is tried once only. */
  stop(): void {
    this.stopping = true;
  }

  private async commit(tx: Tx, results: FullResult[]): Promise<boolean[]> {
    const at = new Date();
    const saved = await this.store.save(tx, results);
    const written = results.filter((_, index) => saved[index] === true);
    const rows = written.flatMap((result) => [...this.facts.ofResult(result, at), ...this.toldAtOnce(result, at)]);
    rows.push(...(await this.suppress(tx, written)));
    await this.count(tx, written);
    await this.outbox.write(tx, rows);
    return saved;
  }

  private toldAtOnce({ send, settlement, feedback }: FullResult, at: Date): OutboxRow[] {
    return feedback.map((one) => this.facts.toldAtOnce(send, settlement.sesMessageId ?? '', one, at));
  }

  private async count(tx: Tx, results: FullResult[]): Promise<void> {
    await this.notes.sent(
      tx,
      results.filter(({ settlement }) => settlement.input === 'take').map(({ send }) => send),
    );
    await this.notes.reports(
      tx,
      results.flatMap(({ send, feedback }) => feedback.map((one) => ({ ...send, feedback: one }))),
    );
  }

  private async suppress(tx: Tx, results: FullResult[]): Promise<OutboxRow[]> {
    const added = await this.suppressions.add(tx, results.flatMap(suppressionsOf));
    return added.map(({ asked, suppression }) =>
      this.outbox.row(SuppressionAddedV1, factOf<typeof SuppressionAddedV1>(asked.send, { suppression })),
    );
  }
}

function suppressionsOf({ send, feedback }: FullResult): (NewSuppression & { send: TracedSend })[] {
  return feedback.flatMap((one) => {
    const reason = suppresses(one);
    if (reason === null) return [];
    return one.recipients.map(({ address }) => ({
      organizationId: send.organizationId,
      mode: send.mode,
      address,
      reason,
      sourceMessageId: send.messageId,
      oneOf: one.recipients.length,
      send,
    }));
  });
}
