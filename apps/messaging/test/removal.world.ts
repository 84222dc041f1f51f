import {
  CreateInbox,
  ListMessages,
  newId,
  SendMessage,
  type CommandContext,
  type Inbox,
  type Message,
  type SendMessageBody,
} from '@postern/contracts';
import { startInfra, startService, type Infra, type ServiceUnderTest } from '@postern/testing';
import { messagingService } from '../src/messaging.service.js';
import { migrations } from '../src/store/migrations/index.js';
import { playStops, type StopDoor } from './stop-sending.player.js';

/** Messaging with a last door that a test answers for, and a way to start it anew. */
export class RemovalWorld {
  private constructor(
    readonly infra: Infra,
    readonly door: StopDoor & { stop(): Promise<void> },
    public sut: ServiceUnderTest,
  ) {}

  static async start(): Promise<RemovalWorld> {
    const infra = await startInfra();
    return new RemovalWorld(infra, await playStops(infra.natsUrl), await startMessaging(infra));
  }

  async restart(): Promise<void> {
    await this.sut.stop();
    this.sut = await startMessaging(this.infra);
  }

  async stop(): Promise<void> {
    await this.sut.stop();
    await this.door.stop();
    await this.infra.stop();
  }

  inbox(caller: CommandContext, slug?: string): Promise<Inbox> {
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

  async listed(caller: CommandContext, inbox: string | null = null): Promise<Message[]> {
    const input = { inbox, query: { limit: 100 }, readWithheld: true };
    return (await this.sut.ask(ListMessages, caller, input)).data;
  }

  /**
   * How many rows of each table still name something, in whatever column; tables without any are left out. Tables of the
   * search that hold ids only are not looked at: places between messages outlive them.
   */
  async traces(of: string): Promise<Record<string, number>> {
    const tables = await this.sut.database.query<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'messaging' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
          AND c.relname NOT IN ('search_blocks', 'search_queue', 'search_scopes') ORDER BY 1`,
    );
    const found: Record<string, number> = {};
    for (const { name } of tables) {
      const [row] = await this.sut.database.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM ${name} t WHERE to_json(t)::text LIKE '%' || $1 || '%'`,
        [of],
      );
      if (row !== undefined && row.n > 0) found[name] = row.n;
    }
    return found;
  }
}

const startMessaging = (infra: Infra): Promise<ServiceUnderTest> =>
  startService({ infra, service: messagingService, schema: 'messaging', migrations });
