import type { AnsweredMail, CommandContext, CommandInput, Envelope, SendMessage } from '@postern/contracts';
import type { DraftRef } from '../store/draft.row.js';
import type { InboxRow } from '../store/inbox.row.js';
import type { MessageWithState, StoredAttachment } from '../store/message.row.js';
import type { PlannedAttachment } from './send-attachments.js';

/** What a send asks for: the command's input, and what a reply or a forward adds to it. */
export interface SendWish extends CommandInput<typeof SendMessage> {
  /** Attachments of another message of the organization that go along. */
  reused?: readonly StoredAttachment[];
  /** The draft that the message is made of: it goes when the message comes. */
  draft?: DraftRef;
}

/** A message that would be accepted: decided and composed, and nowhere stored. */
export interface SendPlan {
  context: CommandContext;
  wish: SendWish;
  inbox: InboxRow;
  /** As it is going to be stored. */
  message: MessageWithState;
  /** How many messages its thread has; null: nobody counted. */
  threadMessages: number | null;
  /** The received message that it answers. */
  answers: AnsweredMail | null;
  envelope: Envelope;
  mime: Buffer;
  /** Over envelope and MIME. */
  contentHash: string;
  attachments: PlannedAttachment[];
  /** SES is not asked before: the end of the undo window, or `send_at` when that is later. */
  notBefore: Date;
}
