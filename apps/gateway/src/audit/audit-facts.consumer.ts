import { Controller } from '@nestjs/common';
import { type Batch, type ConsumedBy, Consumes } from '@postern/eventing';
import { AuditPendingStore } from '../store/audit-pending.store.js';
import { noteOfFact } from './notes-of-facts.js';

/** Notes what other services did. */
@Controller()
export class AuditFactsConsumer {
  constructor(private readonly pending: AuditPendingStore) {}

  @Consumes('gateway__audit')
  async on(batch: Batch<ConsumedBy<'gateway__audit'>>): Promise<void> {
    await batch.once((tx, fresh) =>
      this.pending.add(
        tx,
        fresh.flatMap((fact) => noteOfFact(fact) ?? []),
      ),
    );
  }
}
