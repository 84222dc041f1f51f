import type { JsMsg } from '@nats-io/jetstream';
import { Frame, type EventDefinition, type Fact } from '@postern/contracts';
import { newTraceparent, runInContext, wideLine, type Logger } from '@postern/platform';
import type { DeadLetters } from '../dead-letters/dead-letters.js';
import { decide } from './fault.js';

/** Turns records into facts, hands them to a handler, and settles each record by what became of it. */
export class BatchRunner {
  private readonly byType: ReadonlyMap<string, EventDefinition>;

  constructor(
    private readonly consumer: string,
    events: readonly EventDefinition[],
    private readonly handle: (facts: Fact[]) => Promise<void>,
    private readonly deadLetters: DeadLetters,
    private readonly logger: Logger,
  ) {
    this.byType = new Map(events.map((event) => [event.type, event]));
  }

  async run(records: JsMsg[]): Promise<void> {
    const readable: { record: JsMsg; fact: Fact }[] = [];
    for (const record of records) {
      const fact = this.parse(record);
      if (fact instanceof Error) await this.bury(record, `not readable: ${fact.message}`);
      else readable.push({ record, fact });
    }
    if (readable.length === 0) return;
    try {
      await this.work(readable.map(({ fact }) => fact));
      for (const { record } of readable) record.ack();
    } catch (error) {
      if (readable.length === 1 && readable[0] !== undefined) await this.settle(readable[0].record, error);
      // One failing fact must not fail its neighbours.
      else for (const { record, fact } of readable) await this.runOne(record, fact);
    }
  }

  private async runOne(record: JsMsg, fact: Fact): Promise<void> {
    try {
      await this.work([fact]);
      record.ack();
    } catch (error) {
      await this.settle(record, error);
    }
  }

  private async work(facts: Fact[]): Promise<void> {
    const first = facts[0] as Fact;
    const context = {
      requestId: first.correlationId,
      traceparent: first.traceparent || newTraceparent(),
      ...(facts.length === 1 ? { organizationId: first.organizationId, mode: first.mode, eventId: first.id } : {}),
    };
    await runInContext(context, () =>
      wideLine(this.logger, this.consumer, async (line) => {
        line.add({ facts: facts.length });
        await this.handle(facts);
      }),
    );
  }

  private async settle(record: JsMsg, error: unknown): Promise<void> {
    const verdict = decide(error, record.info.deliveryCount);
    if (verdict.kind === 'retry') record.nak(verdict.delayMs);
    else await this.bury(record, verdict.reason);
  }

  /** Only when the dead letter is stored is the record given up. */
  private async bury(record: JsMsg, reason: string): Promise<void> {
    try {
      await this.deadLetters.bury(record, this.consumer, reason);
      record.term();
    } catch (error) {
      this.logger.error(
        { err: error, consumer: this.consumer },
        'dead letters cannot be written; the fact comes again',
      );
      record.nak(5_000);
    }
  }

  private parse(record: JsMsg): Fact | Error {
    const event = this.byType.get(record.subject);
    if (event === undefined) return new Error(`no contract for ${record.subject}`);
    try {
      const json: unknown = record.json();
      const frame = Frame.parse(json);
      return { ...frame, data: event.data.parse((json as { data?: unknown }).data) } as Fact;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }
}
