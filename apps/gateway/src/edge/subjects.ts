import { Injectable } from '@nestjs/common';
import {
  GetApproval,
  GetAttachment,
  GetDomain,
  GetDraft,
  GetInbox,
  GetListEntry,
  GetMessage,
  GetPolicy,
  GetSuppression,
  GetThread,
  GetWebhook,
  GetWebhookDelivery,
  InboxName,
  type RouteSubject,
} from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import { notFound } from '@postern/platform';
import { ApiKeysStore } from '../store/api-keys.store.js';
import { OrganizationsStore } from '../store/organizations.store.js';
import type { Caller } from './caller.js';
import { unstorableText } from './unstorable-text.js';

type Params = Partial<Record<'id' | 'inbox', string>>;

/** The inbox that a body of `POST /v1/messages` names, valid or not; null where it names none. */
export function inboxNamedIn(body: unknown): { inbox: string } | null {
  if (typeof body !== 'object' || body === null || !('inbox_id' in body)) return null;
  return typeof body.inbox_id === 'string' ? { inbox: body.inbox_id } : null;
}

/** Asks the owner of what a request names whether it exists. */
@Injectable()
export class Subjects {
  constructor(
    private readonly commands: CommandClient,
    private readonly organizations: OrganizationsStore,
    private readonly keys: ApiKeysStore,
  ) {}

  /** @throws AppError `not_found` when it does not exist for this caller; `unavailable` when its owner is away. */
  async mustExist(subject: RouteSubject, caller: Caller, { id = '', inbox = '' }: Params): Promise<void> {
    // Nothing is made, so nothing is a repeat.
    const context = { ...caller.context, idempotency: null };
    switch (subject) {
      case 'inbox':
        // In a body it may be any text.
        if (!InboxName.safeParse(inbox).success || unstorableText(inbox).length > 0) throw notFound('inbox');
        return void (await this.commands.ask(GetInbox, context, { inbox }));
      case 'message':
        return void (await this.commands.ask(GetMessage, context, { id, readWithheld: false }));
      case 'attachment':
        // Whether it may be read is for a request that is right.
        return void (await this.commands.ask(GetAttachment, context, { id, readWithheld: true }));
      case 'draft':
        return void (await this.commands.ask(GetDraft, context, { id }));
      case 'thread':
        return void (await this.commands.ask(GetThread, context, { id }));
      case 'approval':
        return void (await this.commands.ask(GetApproval, context, { id }));
      case 'policy':
        return void (await this.commands.ask(GetPolicy, context, { id }));
      case 'list_entry':
        return void (await this.commands.ask(GetListEntry, context, { id }));
      case 'suppression':
        return void (await this.commands.ask(GetSuppression, context, { id }));
      case 'domain':
        return void (await this.commands.ask(GetDomain, context, { id }));
      case 'webhook':
        return void (await this.commands.ask(GetWebhook, context, { id }));
      case 'webhook_delivery':
        return void (await this.commands.ask(GetWebhookDelivery, context, { id }));
      case 'api_key':
        if ((await this.keys.get(context, id)) === undefined) throw notFound('API key');
        return;
      case 'organization':
        if ((await this.organizations.get(id)) === undefined) throw notFound('organization');
    }
  }
}
