import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { LOG_SIGNALS, type Tenant, tenantOfLogSignal } from '@postern/contracts';
import { NATS_CONNECTION } from '@postern/eventing';

/** Who hears that logs have grown. */
export interface LogListener {
  grown(tenant: Tenant): void;
  /** The broker was away: any log may have grown. */
  missed(): void;
}

/** Hears which logs have grown: one subscription for the process, however many streams it has. */
@Injectable()
export class LogSignals implements OnModuleDestroy {
  private subscription: Subscription | undefined;

  constructor(@Inject(NATS_CONNECTION) private readonly nats: NatsConnection) {}

  /** To be called once. */
  listen(listener: LogListener): void {
    this.subscription = this.nats.subscribe(LOG_SIGNALS, {
      callback: (error, { subject }) => {
        const tenant = error === null ? tenantOfLogSignal(subject) : null;
        if (tenant !== null) listener.grown(tenant);
      },
    });
    void this.watchConnection(listener);
  }

  onModuleDestroy(): void {
    this.subscription?.unsubscribe();
  }

  private async watchConnection(listener: LogListener): Promise<void> {
    for await (const status of this.nats.status()) if (status.type === 'reconnect') listener.missed();
  }
}
