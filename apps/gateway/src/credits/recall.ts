import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { OrganizationId } from '@postern/contracts';
import { NATS_CONNECTION } from '@postern/eventing';

/** Core NATS: who misses it gives back a second later, by itself. */
const SUBJECT = 'gateway.credits.recalled';
/** A replica answers within milliseconds; one that is gone never does, and a reply shall not wait long for it. */
const ANSWER_WITHIN_MS = 250;

/** Gives back what a replica holds unspent of an organization's credits. @returns whether it held any. */
type GiveBack = (organizationId: OrganizationId) => Promise<boolean>;

/** Asks the other replicas for credits that they hold and do not need, before an organization is told that none are left. */
@Injectable()
export class Recall implements OnModuleInit, OnModuleDestroy {
  private subscription: Subscription | undefined;
  private giveBack: GiveBack = async () => false;

  constructor(@Inject(NATS_CONNECTION) private readonly nats: NatsConnection) {}

  /** Says what to do when another replica asks. */
  onAsked(giveBack: GiveBack): void {
    this.giveBack = giveBack;
  }

  onModuleInit(): void {
    this.subscription = this.nats.subscribe(SUBJECT, {
      callback: (error, message) => {
        const asked = OrganizationId.safeParse(error === null ? message.string() : undefined);
        if (asked.success) void this.answer(asked.data, message);
      },
    });
  }

  onModuleDestroy(): void {
    this.subscription?.unsubscribe();
  }

  /** @returns whether a replica gave something back; false too when the bus is away. */
  async ask(organizationId: OrganizationId): Promise<boolean> {
    try {
      await this.nats.request(SUBJECT, organizationId, { timeout: ANSWER_WITHIN_MS });
      return true;
    } catch {
      return false;
    }
  }

  /** Who cannot give back stays silent, like one who has nothing: its lease goes on. */
  private async answer(organizationId: OrganizationId, question: Msg): Promise<void> {
    const gave = await this.giveBack(organizationId).catch(() => false);
    if (gave) question.respond();
  }
}
