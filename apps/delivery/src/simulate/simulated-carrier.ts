import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Carrier } from '../send/carrier.js';
import type { Outcome } from '../send/outcome.js';
import type { ClaimedSend } from '../send/send.js';
import { simulatedFeedback } from './simulated-outcome.js';

/** Takes the mail of test mode. Nothing leaves the process. */
@Injectable()
export class SimulatedCarrier implements Carrier {
  async handOver(send: ClaimedSend): Promise<Outcome> {
    return { kind: 'taken', sesMessageId: `dry-${randomUUID()}`, feedback: simulatedFeedback(send.recipients) };
  }
}
