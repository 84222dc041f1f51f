import { z } from 'zod';
import { Content } from '../content.js';
import { defineCommand } from '../command.js';
import { CreateInboxBody, Inbox, ListInboxesQuery, UpdateInboxBody } from '../http/inbox.js';
import { ListedMessage, ListMessagesQuery } from '../http/list-messages.js';
import { Message } from '../http/message.js';
import { pageOf } from '../http/page.js';
import { ListThreadsQuery, Thread } from '../http/thread.js';
import { InboxId, MessageId } from '../ids.js';
import { SecurityLevel } from '../status.js';
import { Tenant } from '../tenant.js';

/** An inbox by id, slug or full address. */
const inbox = z.string();

export const CreateInbox = defineCommand('messaging.create_inbox', CreateInboxBody, Inbox);
export const ListInboxes = defineCommand('messaging.list_inboxes', ListInboxesQuery, pageOf(Inbox));
export const GetInbox = defineCommand('messaging.get_inbox', z.object({ inbox }), Inbox);
export const UpdateInbox = defineCommand('messaging.update_inbox', z.object({ inbox, body: UpdateInboxBody }), Inbox);
/** Delivery is told meanwhile, here and below. */
export const PauseInbox = defineCommand('messaging.pause_inbox', z.object({ inbox }), Inbox, { heavy: true });
export const ResumeInbox = defineCommand('messaging.resume_inbox', z.object({ inbox }), Inbox, { heavy: true });

/**
 * Ids of the outbound messages of a tenant that were accepted, in their order. Asked by the gateway for reservations that
 * no fact has settled. `from` and `through` are both included; a page begins behind `after`.
 */
export const ListAcceptedMessages = defineCommand(
  'messaging.list_accepted_messages',
  z.object({ from: z.string(), through: z.string(), after: z.string().nullable(), limit: z.int().min(1).max(1000) }),
  z.object({ ids: z.array(MessageId) }),
);
export const ListMessages = defineCommand(
  'messaging.list_messages',
  z.object({ inbox: inbox.nullable(), query: ListMessagesQuery, readWithheld: z.boolean() }),
  pageOf(ListedMessage),
);
const oneMessage = z.object({ id: z.string(), readWithheld: z.boolean() });
export const GetMessage = defineCommand('messaging.get_message', oneMessage, Message);
/** `raw` are the octets, as handed to SES or as they came in: those of a large mail are read from the content store. */
export const GetRawMessage = defineCommand('messaging.get_raw_message', oneMessage, z.object({ raw: Content }));

export const ListThreads = defineCommand(
  'messaging.list_threads',
  z.object({ inbox, query: ListThreadsQuery }),
  pageOf(Thread),
);
export const GetThread = defineCommand('messaging.get_thread', z.object({ id: z.string() }), Thread);
export const ListThreadMessages = defineCommand(
  'messaging.list_thread_messages',
  z.object({ id: z.string(), query: ListThreadsQuery, readWithheld: z.boolean() }),
  pageOf(Message),
);

/** Whose address this is, over all tenants: asked by ingest when its projection does not know. */
export const ResolveAddress = defineCommand(
  'messaging.resolve_address',
  z.object({ address: z.string() }),
  z.object({ owner: Tenant.extend({ inboxId: InboxId, securityLevel: SecurityLevel.optional() }).nullable() }),
);
