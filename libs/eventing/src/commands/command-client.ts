import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { headers } from '@nats-io/transport-node';
import { ClientNats, NatsRecordBuilder } from '@nestjs/microservices';
import type { CommandContext, CommandDefinition, CommandInput, CommandOutput, CommandReply } from '@postern/contracts';
import { AppError, unavailable } from '@postern/platform';
import { filter, firstValueFrom, map, race, timeout, type Observable } from 'rxjs';
import { EVENTING_OPTIONS, type EventingOptions } from '../eventing.tokens.js';
import { natsOptions } from '../jetstream/connect.js';

/** Longer than any healthy answer, short enough that the client hears 503 in under two seconds. */
export const ANSWER_TIMEOUT_MS = 1_700;
/** For answers or questions of megabytes, on a machine that is busy. */
const HEAVY_ANSWER_TIMEOUT_MS = 10_000;

export interface Answer<C extends CommandDefinition> {
  value: CommandOutput<C>;
  /** An idempotency key answered: the work was done by an earlier call. */
  replayed: boolean;
}

/** Asks other services, and waits for the answer. */
@Injectable()
export class CommandClient implements OnModuleDestroy {
  private readonly client: ClientNats;
  /** Fails as soon as the broker is lost, and at once while it is: the client would hold the question back instead. */
  private readonly lost: Observable<never>;

  constructor(@Inject(EVENTING_OPTIONS) private readonly options: EventingOptions) {
    this.client = new ClientNats({ ...natsOptions(options.natsUrl, `${options.service}-commands`) });
    this.lost = this.client.status.pipe(
      filter((status) => String(status) !== 'connected'),
      map((status) => {
        throw new Error(`the broker is ${status}`);
      }),
    );
  }

  /**
   * @returns the answer, unchecked: both sides are built from the same contract.
   * @throws AppError the callee's own, or `unavailable` when nobody answers in time. The work may have been done then:
   * a retry needs the same idempotency key.
   */
  async ask<C extends CommandDefinition>(
    command: C,
    context: CommandContext,
    input: CommandInput<C>,
  ): Promise<Answer<C>> {
    const trace = headers();
    trace.set('traceparent', context.traceparent);
    const record = new NatsRecordBuilder({ context, input }).setHeaders(trace).build();
    let reply: CommandReply<CommandOutput<C>>;
    try {
      const answer = this.client.send<CommandReply<CommandOutput<C>>>(`command.${command.name}`, record);
      const { patienceMs: lightMs = ANSWER_TIMEOUT_MS } = this.options;
      const patienceMs = command.heavy ? Math.max(lightMs, HEAVY_ANSWER_TIMEOUT_MS) : lightMs;
      reply = await firstValueFrom(race(answer, this.lost).pipe(timeout(patienceMs)));
    } catch (error) {
      throw unavailable(undefined, { cause: error });
    }
    if (!reply.ok) throw AppError.fromWire(reply.error);
    return { value: reply.value, replayed: reply.replayed };
  }

  async onModuleDestroy(): Promise<void> {
    await this.client.close();
  }
}
