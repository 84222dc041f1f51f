import { Inject, Injectable } from '@nestjs/common';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import {
  MessageAcceptedV1,
  MessageReceivedV1,
  MessageStatusChangedV1,
  MessageSummary,
  Tenant,
} from '@postern/contracts';
import { NATS_CONNECTION } from '@postern/eventing';
import { z } from 'zod';

const SUBJECTS = [MessageAcceptedV1.type, MessageStatusChangedV1.type, MessageReceivedV1.type];

/** The frame comes before the data and is shorter than this: whose fact it is can be seen without reading all of it. */
const FRAME_MAX_CHARS = 1024;
const OWNER = /"organizationId":"([^"]+)"/;

const MessageFact = Tenant.extend({ data: z.object({ message: MessageSummary }) });

/** A message as it stood when something about it had changed. */
export interface ChangedMessage extends Tenant {
  message: MessageSummary;
}

/** Who hears of changes. */
export interface Listener {
  /** Facts of other organizations are not even read. */
  listensTo(organizationId: string): boolean;
  changed(message: ChangedMessage): void;
  /** The broker was away: something may have been missed. */
  missed(): void;
}

/**
 * Messaging's facts about messages as they pass on the broker, of every tenant: a plain subscription beside the stream, so
 * nothing is stored or acknowledged, and all gateways hear everything. A hint to look, never the truth: what passes while
 * nobody is subscribed, or while the broker is away, is missed.
 */
@Injectable()
export class MessageFacts {
  private subscriptions: Subscription[] = [];
  private ready: Promise<void> | undefined;

  constructor(@Inject(NATS_CONNECTION) private readonly nats: NatsConnection) {}

  /** Resolves when the broker hands on everything that is published from now on. Safe to call often. */
  listen(listener: Listener): Promise<void> {
    this.ready ??= this.subscribe(listener);
    return this.ready;
  }

  /** Nobody listens any more. */
  stop(): void {
    for (const subscription of this.subscriptions.splice(0)) subscription.unsubscribe();
    this.ready = undefined;
  }

  /** Tells a listener, for ever, when the connection was away. */
  async watchConnection(listener: Listener): Promise<void> {
    for await (const status of this.nats.status()) if (status.type === 'reconnect') listener.missed();
  }

  private subscribe(listener: Listener): Promise<void> {
    this.subscriptions = SUBJECTS.map((subject) =>
      this.nats.subscribe(subject, {
        callback: (error, record) => {
          if (error !== null) return;
          const changed = readFact(record.string(), listener);
          if (changed !== null) listener.changed(changed);
        },
      }),
    );
    return this.nats.flush();
  }
}

/** @returns null for a fact of somebody else, and for what is no fact. */
function readFact(record: string, listener: Pick<Listener, 'listensTo'>): ChangedMessage | null {
  const owner = OWNER.exec(record.slice(0, FRAME_MAX_CHARS))?.[1];
  if (owner === undefined || !listener.listensTo(owner)) return null;
  const read = MessageFact.safeParse(parsed(record));
  if (!read.success) return null;
  const { organizationId, mode, data } = read.data;
  return { organizationId, mode, message: data.message };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
