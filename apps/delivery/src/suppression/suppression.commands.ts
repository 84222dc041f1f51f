import { Controller } from '@nestjs/common';
import {
  type CommandContext,
  type CommandInput,
  CreateSuppression,
  DeleteSuppression,
  GetSuppression,
  isId,
  ListSuppressions,
  type ListSuppressionsQuery,
  type Page,
  type Suppression,
  SuppressionAddedV1,
  SuppressionRemovedV1,
} from '@postern/contracts';
import { Answers, Idempotent, Outbox, type Replay } from '@postern/eventing';
import { Database, notFound, readCursor, toPage, type Tx, unavailable } from '@postern/platform';
import { SuppressionStore } from '../store/suppressions.js';

/** The suppression list as tenants see and change it. */
@Controller()
export class SuppressionCommands {
  constructor(
    private readonly database: Database,
    private readonly store: SuppressionStore,
    private readonly idempotent: Idempotent,
    private readonly outbox: Outbox,
  ) {}

  @Answers(ListSuppressions)
  async list(context: CommandContext, query: ListSuppressionsQuery): Promise<Page<Suppression>> {
    const found = await this.store.list(context, query, readCursor('sup', query.cursor));
    return toPage(found, query.limit, (suppression) => suppression);
  }

  @Answers(GetSuppression)
  get(context: CommandContext, { id }: CommandInput<typeof GetSuppression>): Promise<Suppression> {
    return this.find(context, id);
  }

  /** An address that is suppressed already stays as it is, and is the answer. */
  @Answers(CreateSuppression)
  async create(
    context: CommandContext,
    { address }: CommandInput<typeof CreateSuppression>,
  ): Promise<Suppression | Replay<Suppression>> {
    const replay = (id: string): Promise<Suppression> => this.find(context, id);
    const earlier = await this.idempotent.earlier(context, replay);
    if (earlier !== null) return earlier;
    return this.idempotent.onceFound(context, {
      work: async (tx, take) => {
        const suppression = await this.addOrFind(tx, context, address);
        await take(suppression.id);
        return suppression;
      },
      replay,
    });
  }

  @Answers(DeleteSuppression)
  async remove(
    context: CommandContext,
    { id }: CommandInput<typeof DeleteSuppression>,
  ): Promise<Record<string, never>> {
    if (!isId('sup', id)) throw notFound('suppression');
    await this.database.transaction(async (tx) => {
      const suppression = await this.store.remove(tx, context, id);
      if (suppression === null) throw notFound('suppression');
      await this.outbox.add(tx, SuppressionRemovedV1, [
        { ...tenantOf(context), data: { suppression, actor: context.keyId } },
      ]);
    });
    return {};
  }

  /** Apart from the command of the same answer, which takes what comes over the bus. */
  private async find(context: CommandContext, id: string): Promise<Suppression> {
    const suppression = await this.store.findById(context, id);
    if (suppression === null) throw notFound('suppression');
    return suppression;
  }

  private async addOrFind(tx: Tx, context: CommandContext, address: string): Promise<Suppression> {
    const wanted = { ...tenantOf(context), address, reason: 'manual' as const, sourceMessageId: null, oneOf: 1 };
    const [added] = await this.store.add(tx, [wanted]);
    if (added === undefined) {
      const found = await this.store.findByAddress(tx, context, address);
      // Deleted between the two statements: the caller may ask again.
      if (found === null) throw unavailable();
      return found;
    }
    const { suppression } = added;
    await this.outbox.add(tx, SuppressionAddedV1, [
      { ...tenantOf(context), data: { suppression, actor: context.keyId } },
    ]);
    return suppression;
  }
}

const tenantOf = ({ organizationId, mode }: CommandContext) => ({ organizationId, mode });
