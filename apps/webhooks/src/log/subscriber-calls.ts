import { Injectable } from '@nestjs/common';
import type { Tx } from '@postern/platform';
import { CallStore } from '../store/call-store.js';
import { EndpointStore } from '../store/endpoint-store.js';
import type { LoggedEntry } from '../store/event-store.js';
import { callsFor } from './fan-out.js';

/** Orders the calls that events lead to. */
@Injectable()
export class SubscriberCalls {
  constructor(
    private readonly endpoints: EndpointStore,
    private readonly calls: CallStore,
  ) {}

  /** One for each endpoint that wants an event. @returns how many. */
  async order(tx: Tx, events: readonly LoggedEntry[]): Promise<number> {
    const calls = callsFor(events, await this.endpoints.subscribers(tx, events));
    await this.calls.add(tx, calls);
    return calls.length;
  }
}
