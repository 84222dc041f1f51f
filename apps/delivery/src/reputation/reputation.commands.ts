import { Controller, Inject } from '@nestjs/common';
import {
  type CommandContext,
  type CommandInput,
  type CommandOutput,
  GetReputation,
  InboxId,
  LiftBrakes as LiftBrakesCommand,
  type Reputation,
  type Tenant,
} from '@postern/contracts';
import { Answers, Idempotent, Replay } from '@postern/eventing';
import { CONFIG, type Tx } from '@postern/platform';
import type { DeliveryConfig } from '../delivery.settings.js';
import { ReleaseKeeper } from '../pause/release-keeper.js';
import { type CountedSubject, ReputationStore } from '../store/reputations.js';
import { LiftBrakes } from './lift-brakes.js';

type Shown = CommandOutput<typeof GetReputation>;

/** Reputation as the operator sees it, and how the operator lets an organization send again. */
@Controller()
export class ReputationCommands {
  constructor(
    private readonly store: ReputationStore,
    private readonly brakes: LiftBrakes,
    private readonly releases: ReleaseKeeper,
    private readonly idempotent: Idempotent,
    @Inject(CONFIG) private readonly config: DeliveryConfig,
  ) {}

  @Answers(GetReputation)
  get(context: CommandContext): Promise<Shown> {
    return this.show(context);
  }

  /** A repeat by the same key lifts nothing that was braked since, and shows how things are now. */
  @Answers(LiftBrakesCommand)
  async lift(
    context: CommandContext,
    { domain }: CommandInput<typeof LiftBrakesCommand>,
  ): Promise<Shown | Replay<Shown>> {
    const replay = (): Promise<Shown> => this.show(context);
    const earlier = await this.idempotent.earlier(context, replay);
    if (earlier !== null) return earlier;
    const work = (tx: Tx): Promise<void> => this.brakes.ofOrganization(tx, context, domain ?? null);
    const lifted = await this.idempotent.once(context, { resourceId: context.organizationId, work, replay });
    this.releases.wake();
    return lifted instanceof Replay ? lifted : this.show(context);
  }

  private async show(tenant: Tenant): Promise<Shown> {
    const found = await this.store.show(tenant, this.config.DELIVERY_REPUTATION_WINDOW_HOURS);
    return { data: found.map(shown) };
  }
}

const shown = ({ scope, subject, counts, level, cause, changedAt }: CountedSubject): Reputation => ({
  scope,
  inbox_id: scope === 'inbox' ? InboxId.parse(subject) : null,
  domain: scope === 'domain' ? subject : null,
  level,
  cause,
  ...counts,
  changed_at: changedAt?.toISOString() ?? null,
});
