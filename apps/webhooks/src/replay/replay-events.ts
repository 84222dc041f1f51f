import type { CommandContext, CommandInput, ReplayWebhook, WebhookReplay } from '@postern/contracts';
import { newId } from '@postern/contracts';
import { Injectable } from '@nestjs/common';
import { Idempotent, type Replay } from '@postern/eventing';
import { conflict, eventsExpired, notFound, type Tx, validationError } from '@postern/platform';
import { EndpointStore } from '../store/endpoint-store.js';
import { type ReplayRange, ReplayStore } from '../store/replay-store.js';

/** About eight minutes of calls at the pace of a replay, and a count that takes well under a second. */
export const REPLAY_MAX = 100_000;
/** Of one endpoint at a time; each may have all its events still to call for. */
const UNDER_WAY_MAX = 10;

type Body = CommandInput<typeof ReplayWebhook>['body'];

const rangeOf = ({ after_sequence, since, until, types }: Body): ReplayRange => ({
  afterSequence: after_sequence ?? 0,
  since: since === undefined ? null : new Date(since),
  until: until === undefined ? null : new Date(until),
  types: types ?? null,
});

/** Takes an order to call an endpoint again with a range of the log. The calls themselves are the replayer's. */
@Injectable()
export class ReplayEvents {
  constructor(
    private readonly endpoints: EndpointStore,
    private readonly replays: ReplayStore,
    private readonly idempotent: Idempotent,
  ) {}

  /**
   * @returns how many events the endpoint gets again, of those that are in the log now.
   * @throws AppError 404; 409 when the endpoint is disabled or has too many replays under way; 410 when the sequence is
   * before what is kept; 422 for more than {@link REPLAY_MAX} events.
   */
  async order(context: CommandContext, webhookId: string, body: Body): Promise<WebhookReplay | Replay<WebhookReplay>> {
    const replay = (id: string): Promise<WebhookReplay> => this.earlier(context, webhookId, id);
    const earlier = await this.idempotent.earlier(context, replay);
    if (earlier !== null) return earlier;
    const id = newId('job');
    const work = (tx: Tx): Promise<WebhookReplay> => this.begin(tx, context, { id, webhookId, range: rangeOf(body) });
    return this.idempotent.once(context, { resourceId: id, work, replay });
  }

  private async begin(
    tx: Tx,
    context: CommandContext,
    { id, webhookId, range }: { id: string; webhookId: string; range: ReplayRange },
  ): Promise<WebhookReplay> {
    const endpoint = await this.endpoints.lock(tx, context, webhookId);
    if (endpoint === null) throw notFound('webhook');
    if (endpoint.status === 'disabled') throw conflict('invalid_state', 'Enable the webhook first: it is disabled.');
    if ((await this.replays.underWay(tx, context, webhookId)) >= UNDER_WAY_MAX)
      throw conflict('invalid_state', `Wait until a replay of this webhook has ended: ${UNDER_WAY_MAX} are under way.`);
    const { last: lastSequence, expired, before } = await this.replays.bounds(tx, context, range.since);
    if (range.afterSequence > 0 && range.afterSequence < expired) throw eventsExpired({ oldest: expired + 1 });
    const whole = { ...range, afterSequence: Math.max(range.afterSequence, expired, before), lastSequence };
    const count = await this.replays.count(tx, context, webhookId, whole, REPLAY_MAX + 1);
    if (count > REPLAY_MAX)
      throw validationError([
        { path: 'until', message: `must leave at most ${REPLAY_MAX} events: replay them in parts` },
      ]);
    await this.replays.insert(tx, context, { ...whole, id, webhookId, count });
    return { count };
  }

  private async earlier(context: CommandContext, webhookId: string, id: string): Promise<WebhookReplay> {
    const count = (await this.endpoints.get(context, webhookId)) && (await this.replays.countOf(context, id));
    if (count === null) throw notFound('webhook');
    return { count };
  }
}
