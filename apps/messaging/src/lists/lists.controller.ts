import { Controller } from '@nestjs/common';
import { Batch, Consumes, type ConsumedBy } from '@postern/eventing';
import { ListRuleStore } from '../store/list-rule.store.js';

/** Keeps the projection that lets a send to somebody whom a list refuses be refused at once. */
@Controller()
export class ListsController {
  constructor(private readonly store: ListRuleStore) {}

  @Consumes('messaging__lists')
  async onChanged(batch: Batch<ConsumedBy<'messaging__lists'>>): Promise<void> {
    await batch.once((tx, facts) => this.store.hear(tx, facts));
  }
}
