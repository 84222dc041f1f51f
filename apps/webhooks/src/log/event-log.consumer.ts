import { Controller } from '@nestjs/common';
import { type Batch, type ConsumedBy, Consumes } from '@postern/eventing';
import { Dispatcher } from '../call/dispatcher.js';
import { DeletedMessages } from '../remove/deleted-messages.js';
import { LogSignals } from './log-signals.js';
import { publicEvent } from './public-events.js';
import { ReceivedBodies } from './received-bodies.js';
import { WriteLog } from './write-log.js';

/** Writes facts into the tenants' event logs and, in the same transaction, a call for each endpoint that wants them. */
@Controller()
export class EventLogConsumer {
  constructor(
    private readonly log: WriteLog,
    private readonly dispatcher: Dispatcher,
    private readonly bodies: ReceivedBodies,
    private readonly deleted: DeletedMessages,
    private readonly signals: LogSignals,
  ) {}

  @Consumes('webhooks__log')
  async on(batch: Batch<ConsumedBy<'webhooks__log'>>): Promise<void> {
    const bodies = await this.bodies.of(batch.facts);
    let ordered = 0;
    await batch.once(async (tx, fresh) => {
      const told = await this.deleted.leaveOut(tx, fresh);
      const entries = told.flatMap((fact) => publicEvent(fact, bodies.get(fact.id) ?? null) ?? []);
      ordered = await this.log.run(tx, entries);
      // Last: what this batch has just written of a message that it also deletes is redacted, too.
      await this.deleted.hear(tx, fresh);
    });
    // Of all facts, also those handled before: whoever wrote them may have died before it told.
    this.signals.announce(batch.facts);
    if (ordered > 0) this.dispatcher.wake();
  }
}
