import { Controller } from '@nestjs/common';
import { Batch, type ConsumedBy, Consumes, inOneOrder } from '@postern/eventing';
import { SendingBrakeStore } from '../store/sending-brake.store.js';
import { BrakeInbox } from './brake-inbox.js';

/** Obeys the brakes that delivery puts on: pauses inboxes, and lets sends be refused at once. */
@Controller()
export class ReputationController {
  constructor(
    private readonly brakeInbox: BrakeInbox,
    private readonly brakes: SendingBrakeStore,
  ) {}

  /** A warning stops nobody. The brake of an inbox is lifted here, by its resume, so that is known already. */
  @Consumes('messaging__reputation')
  async onReputation(batch: Batch<ConsumedBy<'messaging__reputation'>>): Promise<void> {
    await batch.once(async (tx, facts) => {
      const inOrder = inOneOrder(
        facts,
        ({ organizationId, mode, data: { scope, subject } }) => `${organizationId} ${mode} ${scope} ${subject}`,
      );
      for (const { organizationId, mode, data } of inOrder) {
        const { change, scope, subject, version, cause } = data;
        if (change === 'warned') continue;
        if (scope !== 'inbox') {
          const brake = { organizationId, mode, scope, subject, version };
          await this.brakes.note(tx, { ...brake, cause: change === 'paused' ? cause : null });
        } else if (change === 'paused') {
          await this.brakeInbox.run(tx, { organizationId, mode }, subject, cause);
        }
      }
    });
  }
}
