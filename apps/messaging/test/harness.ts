import {
  CreateInbox,
  GetMessage,
  newId,
  SendMessage,
  type CommandContext,
  type Inbox,
  type Message,
  type Security,
  type SendMessageBody,
} from '@postern/contracts';
import { startInfra, startService, type ServiceUnderTest } from '@postern/testing';
import { messagingService } from '../src/messaging.service.js';
import { migrations } from '../src/store/migrations/index.js';

export const CLEAN: Security = { risk_score: 0, summary: 'Nothing found.', detections: [], triggered_policy: null };

/** The service as deployed, and what callers do with it. */
export class Harness {
  private constructor(
    readonly sut: ServiceUnderTest,
    readonly natsUrl: string,
    readonly adminUrl: string,
    private readonly end: () => Promise<void>,
  ) {}

  static async start(): Promise<Harness> {
    const infra = await startInfra();
    const sut = await startService({ infra, service: messagingService, schema: 'messaging', migrations });
    return new Harness(sut, infra.natsUrl, infra.adminUrl, async () => {
      await sut.stop();
      await infra.stop();
    });
  }

  stop(): Promise<void> {
    return this.end();
  }

  newInbox(caller: CommandContext, slug?: string): Promise<Inbox> {
    return this.sut.ask(CreateInbox, caller, slug === undefined ? {} : { slug });
  }

  send(caller: CommandContext, inbox: Inbox, body: Partial<SendMessageBody> = {}): Promise<Message> {
    const to = [{ address: 'ann@example.com', name: null }];
    return this.sut.ask(SendMessage, caller, {
      inbox: inbox.id,
      messageId: newId('msg'),
      body: { to, subject: 'Hello', text: 'Hi', ...body },
      inDoubt: 'resend',
    });
  }

  read(caller: CommandContext, id: string): Promise<Message> {
    return this.sut.ask(GetMessage, caller, { id, readWithheld: false });
  }
}

/** What delivery says when SES took a message. */
export const sentFact = (message: Message, sesMessageId = `ses-${message.id.slice(4)}`) => ({
  messageId: message.id,
  attempt: 1,
  at: new Date().toISOString(),
  recipients: message.recipients.map(({ address }) => address),
  sesMessageId,
  wireMessageId: `<${sesMessageId}@email.amazonses.com>`,
  settledLate: false,
});
