import {
  type CommandContext,
  CreateInbox,
  DeleteWebhook,
  GetInbox,
  GetRawMessage,
  type Inbox,
  ListAcceptedMessages,
  ListInboxes,
  ListMessages,
  type Message,
  type MessageId,
  SendMessage,
  type Tenant,
} from '@postern/contracts';
import { otherBody, Replay, sha256 } from '@postern/eventing';
import { creditsExhausted, notFound } from '@postern/platform';
import { answer, playService } from '@postern/testing';
import { inboxOf, messageOf, RAW_MESSAGE } from './replies.js';

type Asked = { command: string; context: CommandContext; input: unknown };

/** What the player was asked, and the inboxes it made: for tests to look at. */
class Memory {
  readonly asked: Asked[] = [];
  readonly inboxes: { tenant: string; inbox: Inbox }[] = [];
  getInboxWaitsFor: Promise<void> = Promise.resolve();
  readonly repeats = new Map<string, { bodyHash: string; inbox: Inbox }>();
  readonly sends = new Map<string, Message>();
  readonly accepted: { tenant: string; id: MessageId }[] = [];

  find(context: CommandContext, name: string): Inbox {
    const found = this.inboxes.find(
      ({ tenant, inbox }) =>
        tenant === tenantOf(context) && [inbox.id, inbox.slug, inbox.address].includes(name as never),
    );
    if (found === undefined) throw notFound('inbox');
    return found.inbox;
  }

  note(command: string, context: CommandContext, input: unknown): void {
    this.asked.push({ command, context, input });
  }
}

const tenantOf = ({ organizationId, mode }: Tenant): string => `${organizationId} ${mode}`;

export interface Player {
  /** Every command that was asked, in order. */
  asked: readonly Asked[];
  /** Accepts a message that no gateway asked for: one whose gateway died before the answer. */
  accept(tenant: Tenant, id: MessageId): void;
  /** Answers to GetInbox come when this resolves. */
  holdGetInboxUntil(signal: Promise<void>): void;
  stop(): Promise<void>;
}

/** Plays messaging: answers a few commands on the real bus, from memory. */
export async function playMessaging(natsUrl: string): Promise<Player> {
  const memory = new Memory();
  const player = await playService(natsUrl, 'messaging', [
    answer(CreateInbox, (input, context) => {
      memory.note(CreateInbox.name, context, input);
      const key = context.idempotency && `${tenantOf(context)} ${context.idempotency.scope} ${context.idempotency.key}`;
      const earlier = key === null ? undefined : memory.repeats.get(key);
      if (earlier !== undefined) {
        if (earlier.bodyHash !== context.idempotency?.bodyHash) throw otherBody();
        return new Replay(earlier.inbox);
      }
      const inbox = inboxOf(input.slug ?? 'quiet-otter');
      memory.inboxes.push({ tenant: tenantOf(context), inbox });
      if (key !== null) memory.repeats.set(key, { bodyHash: context.idempotency?.bodyHash ?? '', inbox });
      return inbox;
    }),
    answer(GetInbox, async (input, context) => {
      memory.note(GetInbox.name, context, input);
      await memory.getInboxWaitsFor;
      return memory.find(context, input.inbox);
    }),
    answer(ListInboxes, (input, context) => {
      memory.note(ListInboxes.name, context, input);
      const own = memory.inboxes.filter(({ tenant }) => tenant === tenantOf(context));
      return { data: own.map(({ inbox }) => inbox), has_more: false, next_cursor: null };
    }),
    answer(SendMessage, (input, context) => {
      memory.note(SendMessage.name, context, input);
      const inbox = memory.find(context, input.inbox);
      const key = context.idempotency && `${tenantOf(context)} ${context.idempotency.key}`;
      const earlier = key === null ? undefined : memory.sends.get(key);
      if (earlier !== undefined) return new Replay(earlier);
      if (input.creditsExhausted === true) throw creditsExhausted();
      const message = messageOf(context.organizationId, inbox, input.messageId);
      if (key !== null) memory.sends.set(key, message);
      memory.accepted.push({ tenant: tenantOf(context), id: message.id });
      return message;
    }),
    answer(ListAcceptedMessages, ({ from, through }, context) => {
      const own = memory.accepted.filter(({ tenant }) => tenant === tenantOf(context)).map(({ id }) => id);
      return { ids: own.filter((id) => id >= from && id <= through).sort() };
    }),
    answer(ListMessages, (input, context) => {
      memory.note(ListMessages.name, context, input);
      return { data: [], has_more: false, next_cursor: null };
    }),
    answer(GetRawMessage, (input, context) => {
      memory.note(GetRawMessage.name, context, input);
      const raw = { sha256: sha256(RAW_MESSAGE), sizeBytes: RAW_MESSAGE.byteLength };
      return { raw: { ...raw, inline: RAW_MESSAGE.toString('base64') } };
    }),
    answer(DeleteWebhook, () => ({})),
  ]);
  return {
    asked: memory.asked,
    accept: (tenant, id) => memory.accepted.push({ tenant: tenantOf(tenant), id }),
    holdGetInboxUntil: (signal) => {
      memory.getInboxWaitsFor = signal;
    },
    ...player,
  };
}
