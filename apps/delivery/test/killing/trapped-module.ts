import { setTimeout as delay } from 'node:timers/promises';
import type { DynamicModule, FactoryProvider, Provider as Providing } from '@nestjs/common';
import type { DeliveryConfig } from '../../src/delivery.settings.js';
import { DeliveryModule } from '../../src/delivery.module.js';
import type { Carrier } from '../../src/send/carrier.js';
import { LIVE_PROVIDER, type Provider } from '../../src/send/provider.js';
import { Results, type FullResult } from '../../src/send/results.js';
import { ClaimStore } from '../../src/store/claims.js';
import { ResultStore } from '../../src/store/results.js';
import { brakeTraps } from './trapped-brake.js';
import type { Trap } from './trap.js';

const LOOK_EVERY_MS = 10;

/** Delivery as it is, with another provider of live mail made from its own. */
export function withProvider(config: DeliveryConfig, change: (provider: Provider) => Provider): DynamicModule {
  const module = DeliveryModule.forRoot(config);
  const providers = (module.providers ?? []).map((one): Providing => {
    if (!isFactory(one) || one.provide !== LIVE_PROVIDER) return one;
    return { ...one, useFactory: (...given: unknown[]) => change(one.useFactory(...given) as Provider) };
  });
  return { ...module, providers };
}

const isFactory = (one: Providing): one is FactoryProvider => typeof one === 'object' && 'useFactory' in one;

/** Delivery as it is, with a trap on the way of its sends and of its brakes. */
export function trapped(config: DeliveryConfig, trap: Trap): DynamicModule {
  class TrappedClaims extends ClaimStore {
    override async claim(...given: Parameters<ClaimStore['claim']>) {
      const found = await super.claim(...given);
      if (found.claims.length > 0) trap.reach('claim_open');
      return found;
    }
  }
  class TrappedResultStore extends ResultStore {
    override async save(...given: Parameters<ResultStore['save']>) {
      const saved = await super.save(...given);
      trap.reach('result_open');
      return saved;
    }
  }
  class TrappedResults extends Results {
    override async save(result: FullResult): Promise<boolean> {
      const saved = await super.save(result);
      trap.reach('result_committed');
      return saved;
    }
  }
  const module = withProvider(config, (provider) => ({
    carrier: trappedCarrier(provider.carrier, trap, config.AWS_ENDPOINT_URL_SES ?? ''),
    valve: provider.valve,
    proves: provider.proves,
    wireMessageId: (id) => provider.wireMessageId(id),
  }));
  const traps: Providing[] = [
    { provide: ClaimStore, useClass: TrappedClaims },
    { provide: ResultStore, useClass: TrappedResultStore },
    { provide: Results, useClass: TrappedResults },
    ...brakeTraps(trap),
  ];
  return { ...module, providers: [...(module.providers ?? []), ...traps] };
}

const trappedCarrier = (carrier: Carrier, trap: Trap, sandboxUrl: string): Carrier => ({
  handOver: async (send, raw, mayBegin) => {
    trap.reach('before_call');
    const answer = carrier.handOver(send, raw, mayBegin);
    if (trap.is('in_call')) {
      const taken = `${sandboxUrl}/_sandbox/messages/count?contains=${send.messageId}`;
      while (((await (await fetch(taken)).json()) as { count: number }).count === 0) await delay(LOOK_EVERY_MS);
      trap.reach('in_call');
    }
    const outcome = await answer;
    trap.reach('answered');
    return outcome;
  },
});
