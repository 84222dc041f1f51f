import type { JsMsg } from '@nats-io/jetstream';
import { Frame, type EventDefinition, type Fact } from '@postern/contracts';
import { newTraceparent, runInContext, wideLine, type Logger } from '@postern/platform';
import type { DeadLetters } from '../dead-letters/dead-letters.js';
import { decide } from './fault.js';

interface Readable {
  record: JsMsg;
  fact: Fact;
}

const comesAgain = ({ record }: Readable): boolean => record.info.deliveryCount > 1;

/** Turns records into facts, hands them to a handler, and settles each record by what became of it. */
export class BatchRunner {
  private readonly byType: ReadonlyMap<string, EventDefinition>;

  constructor(
    private readonly consumer: string,
    events: readonly EventDefinition[],
    private readonly handle: (facts: Fact[], again: boolean) => Promise<void>,
    private readonly deadLetters: DeadLetters,
    private readonly logger: Logger,
    private readonly isolates: boolean,
  ) {
    this.byType = new Map(events.map((event) => [event.type, event]));
  }

  async run(records: JsMsg[]): Promise<void> {
    const readable: Readable[] = [];
    for (const record of records) {
      const fact = this.parse(record);
      if (fact instanceof Error) await this.bury(record, `not readable: ${fact.message}`);
      else readable.push({ record, fact });
    }
    if (!this.isolates) return this.runTogether(readable);
    // Each of those that come again may be the one that ended the process: the others are done before, and apart.
    await this.runTogether(readable.filter((one) => !comesAgain(one)));
    for (const one of readable.filter(comesAgain)) await this.runOne(one);
  }

  private async runTogether(readable: readonly Readable[]): Promise<void> {
    const [first, ...others] = readable;
    if (first === undefined) return;
    if (others.length === 0) return this.runOne(first);
    try {
      await this.work(readable);
      for (const { record } of readable) record.ack();
    } catch {
      // One failing fact must not fail its neighbours.
      for (const one of readable) await this.runOne(one);
    }
  }

  private async runOne(one: Readable): Promise<void> {
    const { record } = one;
    try {
      await this.work([one]);
      record.ack();
    } catch (error) {
      await this.settle(record, error);
    }
  }

  private async work(readable: readonly Readable[]): Promise<void> {
    const facts = readable.map(({ fact }) => fact);
    const first = facts[0] as Fact;
    const context = {
      requestId: first.correlationId,
      traceparent: first.traceparent || newTraceparent(),
      ...(facts.length === 1 ? { organizationId: first.organizationId, mode: first.mode, eventId: first.id } : {}),
    };
    await runInContext(context, () =>
      wideLine(this.logger, this.consumer, async (line) => {
        line.add({ facts: facts.length });
        await this.handle(facts, readable.some(comesAgain));
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
