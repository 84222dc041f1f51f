import { Injectable } from '@nestjs/common';
import type { Tx } from '@postern/platform';
import { CountStore } from '../store/count-store.js';
import { EventStore } from '../store/event-store.js';
import { InboxAddressStore } from '../store/inbox-address-store.js';
import type { LogEntry } from './public-events.js';
import { SubscriberCalls } from './subscriber-calls.js';

/** Writes entries into the tenants' event logs, and what follows from them. */
@Injectable()
export class WriteLog {
  constructor(
    private readonly events: EventStore,
    private readonly counts: CountStore,
    private readonly addresses: InboxAddressStore,
    private readonly calls: SubscriberCalls,
  ) {}

  /** @returns how many calls were ordered. */
  async run(tx: Tx, entries: readonly LogEntry[]): Promise<number> {
    const logged = await this.events.append(tx, entries);
    await this.counts.add(tx, logged);
    await this.addresses.learn(tx, logged);
    return this.calls.order(tx, logged);
  }
}
