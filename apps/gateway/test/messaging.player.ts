import { Controller, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  type CommandContext,
  type CommandInput,
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
  type Page,
  SendMessage,
  type Tenant,
} from '@postern/contracts';
import { Answers, commandServer, otherBody, Replay } from '@postern/eventing';
import { createLogger, creditsExhausted, LOGGER, notFound } from '@postern/platform';
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
}

const tenantOf = ({ organizationId, mode }: CommandContext): string => `${organizationId} ${mode}`;

@Controller()
class MessagingPlayer {
  constructor(@Inject(Memory) private readonly memory: Memory) {}

  @Answers(CreateInbox)
  async createInbox(context: CommandContext, input: CommandInput<typeof CreateInbox>): Promise<Inbox | Replay<Inbox>> {
    this.note(CreateInbox.name, context, input);
    const key = context.idempotency && `${tenantOf(context)} ${context.idempotency.scope} ${context.idempotency.key}`;
    const earlier = key === null ? undefined : this.memory.repeats.get(key);
    if (earlier !== undefined) {
      if (earlier.bodyHash !== context.idempotency?.bodyHash) throw otherBody();
      return new Replay(earlier.inbox);
    }
    const inbox = inboxOf(input.slug ?? 'quiet-otter');
    this.memory.inboxes.push({ tenant: tenantOf(context), inbox });
    if (key !== null) this.memory.repeats.set(key, { bodyHash: context.idempotency?.bodyHash ?? '', inbox });
    return inbox;
  }

  @Answers(GetInbox)
  async getInbox(context: CommandContext, input: CommandInput<typeof GetInbox>): Promise<Inbox> {
    this.note(GetInbox.name, context, input);
    await this.memory.getInboxWaitsFor;
    return this.find(context, input.inbox);
  }

  @Answers(ListInboxes)
  async listInboxes(context: CommandContext, input: CommandInput<typeof ListInboxes>): Promise<Page<Inbox>> {
    this.note(ListInboxes.name, context, input);
    const own = this.memory.inboxes.filter(({ tenant }) => tenant === tenantOf(context));
    return { data: own.map(({ inbox }) => inbox), has_more: false, next_cursor: null };
  }

  @Answers(SendMessage)
  async send(context: CommandContext, input: CommandInput<typeof SendMessage>): Promise<Message | Replay<Message>> {
    this.note(SendMessage.name, context, input);
    const inbox = this.find(context, input.inbox);
    const key = context.idempotency && `${tenantOf(context)} ${context.idempotency.key}`;
    const earlier = key === null ? undefined : this.memory.sends.get(key);
    if (earlier !== undefined) return new Replay(earlier);
    if (input.creditsExhausted === true) throw creditsExhausted();
    const message = messageOf(context.organizationId, inbox, input.messageId);
    if (key !== null) this.memory.sends.set(key, message);
    this.memory.accepted.push({ tenant: tenantOf(context), id: message.id });
    return message;
  }

  @Answers(ListAcceptedMessages)
  async listAccepted(
    context: CommandContext,
    { from, through }: CommandInput<typeof ListAcceptedMessages>,
  ): Promise<{ ids: MessageId[] }> {
    const own = this.memory.accepted.filter(({ tenant }) => tenant === tenantOf(context)).map(({ id }) => id);
    return { ids: own.filter((id) => id >= from && id <= through).sort() };
  }

  @Answers(ListMessages)
  async listMessages(context: CommandContext, input: CommandInput<typeof ListMessages>): Promise<Page<Message>> {
    this.note(ListMessages.name, context, input);
    return { data: [], has_more: false, next_cursor: null };
  }

  @Answers(GetRawMessage)
  async raw(context: CommandContext, input: CommandInput<typeof GetRawMessage>): Promise<{ raw: string }> {
    this.note(GetRawMessage.name, context, input);
    return { raw: Buffer.from(RAW_MESSAGE).toString('base64') };
  }

  private find(context: CommandContext, name: string): Inbox {
    const found = this.memory.inboxes.find(
      ({ tenant, inbox }) =>
        tenant === tenantOf(context) && [inbox.id, inbox.slug, inbox.address].includes(name as never),
    );
    if (found === undefined) throw notFound('inbox');
    return found.inbox;
  }

  private note(command: string, context: CommandContext, input: unknown): void {
    this.memory.asked.push({ command, context, input });
  }
}

@Controller()
class WebhooksPlayer {
  @Answers(DeleteWebhook)
  async remove(): Promise<Record<string, never>> {
    return {};
  }
}

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
  const logger = createLogger('messaging-player', 'silent');

  @Module({
    controllers: [MessagingPlayer, WebhooksPlayer],
    providers: [
      { provide: Memory, useValue: memory },
      { provide: LOGGER, useValue: logger },
    ],
  })
  class PlayerModule {}

  const app = await NestFactory.createMicroservice(PlayerModule, {
    ...commandServer('messaging', natsUrl),
    logger: false,
    abortOnError: false,
  });
  await app.listen();
  return {
    asked: memory.asked,
    accept: ({ organizationId, mode }, id) => memory.accepted.push({ tenant: `${organizationId} ${mode}`, id }),
    holdGetInboxUntil: (signal) => {
      memory.getInboxWaitsFor = signal;
    },
    stop: () => app.close(),
  };
}
