import { Inject, Injectable } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { logSignalOf, type Tenant } from '@postern/contracts';
import { NATS_CONNECTION } from '@postern/eventing';

/** Tells readers in other processes that logs have grown. */
@Injectable()
export class LogSignals {
  constructor(@Inject(NATS_CONNECTION) private readonly nats: NatsConnection) {}

  /** To be called after the commit. Never fails: readers look now and then, too. */
  announce(tenants: readonly Tenant[]): void {
    if (this.nats.isClosed()) return;
    for (const subject of new Set(tenants.map(logSignalOf))) this.nats.publish(subject);
  }
}
