import { Controller } from '@nestjs/common';
import { type Batch, type ConsumedBy, Consumes } from '@postern/eventing';
import { CreditLedgerStore } from '../store/credit-ledger.store.js';
import { chargesOf } from './charges.js';

/** Charges and gives back as the facts say, once per message and reason. */
@Controller()
export class SettleCreditsController {
  constructor(private readonly ledger: CreditLedgerStore) {}

  @Consumes('gateway__credits')
  on(batch: Batch<ConsumedBy<'gateway__credits'>>): Promise<void> {
    return batch.once((tx, facts) => this.ledger.enter(tx, facts.flatMap(chargesOf)));
  }
}
