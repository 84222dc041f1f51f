import { Injectable } from '@nestjs/common';
import {
  isId,
  newId,
  PolicyChangedV1,
  readConfig,
  type CommandContext,
  type CreatePolicyBody,
  type InboxId,
  type ListPoliciesQuery,
  type Page,
  type Policy,
  type PolicyId,
  type PolicyRule,
  type PolicyType,
  type UpdatePolicyBody,
} from '@postern/contracts';
import { Idempotent, Outbox, type Replay } from '@postern/eventing';
import { conflict, Database, fromZod, notFound, readCursor, toPage, type Tx } from '@postern/platform';
import { z } from 'zod';
import { toPolicy, type PolicyRow } from '../store/policy.row.js';
import { PolicyStore } from '../store/policy.store.js';
import { checkRule } from './check-rule.js';
import { mustBeOwnInbox } from '../inboxes/own-inbox.js';
import { policyChanged } from './policy-facts.js';

/** Of one inbox, or of the organization for all inboxes: twice as many are asked about each message. */
const POLICIES_MAX = 50;

/** Makes, shows, changes and removes policies. What is committed here stands for every message that is accepted later. */
@Injectable()
export class ManagePolicies {
  constructor(
    private readonly database: Database,
    private readonly store: PolicyStore,
    private readonly idempotent: Idempotent,
    private readonly outbox: Outbox,
  ) {}

  async list(context: CommandContext, query: ListPoliciesQuery): Promise<Page<Policy>> {
    const before = readCursor('pol', query.cursor);
    const rows = await this.database.asTenant(context, (tx) => this.store.list(tx, context, query, before));
    return toPage(rows, query.limit, toPolicy);
  }

  /** @throws AppError `not_found` */
  async get(context: CommandContext, id: string): Promise<Policy> {
    const row = isId('pol', id)
      ? await this.database.asTenant(context, (tx) => this.store.find(tx, context, id))
      : null;
    return toPolicy(found(row));
  }

  /**
   * @param settings  its inbox exists.
   * @throws AppError `validation_error` for a pattern that cannot be used; `invalid_state` when there are too many;
   *   `forbidden` or `not_found` when the key may not make it for that inbox.
   */
  async create(context: CommandContext, settings: CreatePolicyBody): Promise<Policy | Replay<Policy>> {
    mustBeOwnInbox(context, settings.inbox_id);
    checkRule(settings);
    const id = newId('pol');
    const work = async (tx: Tx): Promise<Policy> => {
      await this.mustHaveRoom(tx, context, settings.inbox_id, id);
      const row = await this.store.insert(tx, context, id, settings);
      await this.outbox.add(tx, PolicyChangedV1, [policyChanged('created', row, context.keyId)]);
      return toPolicy(row);
    };
    return this.idempotent.once(context, { resourceId: id, work, replay: (made) => this.get(context, made) });
  }

  /** Absent fields stay. @throws AppError as {@link create} does, and `not_found`. */
  async update(context: CommandContext, id: string, body: UpdatePolicyBody): Promise<Policy> {
    if (body.inbox_id !== undefined) mustBeOwnInbox(context, body.inbox_id);
    return this.database.transaction(async (tx) => {
      const row = await this.lock(tx, context, id);
      const settings = {
        ...(body.config === undefined ? row : ruleOf(row.type, body.config)),
        inbox_id: body.inbox_id === undefined ? row.inbox_id : body.inbox_id,
        action: body.action ?? row.action,
        priority: body.priority ?? row.priority,
        enabled: body.enabled ?? row.enabled,
      };
      if (settings.inbox_id !== row.inbox_id) await this.mustHaveRoom(tx, context, settings.inbox_id, row.id);
      const updated = await this.store.update(tx, row, settings);
      await this.outbox.add(tx, PolicyChangedV1, [policyChanged('updated', updated, context.keyId)]);
      return toPolicy(updated);
    });
  }

  /** @throws AppError `not_found` */
  async remove(context: CommandContext, id: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const row = await this.lock(tx, context, id);
      await this.store.delete(tx, row);
      await this.outbox.add(tx, PolicyChangedV1, [policyChanged('deleted', row, context.keyId)]);
    });
  }

  private async lock(tx: Tx, context: CommandContext, id: string): Promise<PolicyRow> {
    return found(isId('pol', id) ? await this.store.lock(tx, context, id) : null);
  }

  private async mustHaveRoom(tx: Tx, context: CommandContext, inboxId: InboxId | null, id: PolicyId): Promise<void> {
    if ((await this.store.countOthers(tx, context, inboxId, id)) < POLICIES_MAX) return;
    const whose = inboxId === null ? 'an organization' : 'an inbox';
    throw conflict(
      'invalid_state',
      `Delete a policy first, or put several into one: ${whose} has at most ${POLICIES_MAX}.`,
    );
  }
}

function found(row: PolicyRow | null): PolicyRow {
  if (row === null) throw notFound('policy');
  return row;
}

/** @throws AppError `validation_error` with all that is wrong with a configuration. */
function ruleOf(type: PolicyType, config: unknown): PolicyRule {
  const issues: z.core.$ZodIssue[] = [];
  const rule = readConfig(type, config, (issue) => issues.push(issue));
  if (rule === null) throw fromZod(new z.ZodError(issues));
  checkRule(rule);
  return rule;
}
