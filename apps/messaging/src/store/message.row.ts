import type {
  Address,
  Authentication,
  DeliveryStatus,
  InboxId,
  MailKind,
  MessageId,
  Mode,
  OrganizationId,
  Recipient,
  Security,
  SecurityStatus,
  ThreadId,
} from '@postern/contracts';

/** An attachment as it is stored: what the API shows, and where its octets are. */
export interface StoredAttachment {
  id: string;
  filename: string;
  content_type: string;
  /** What the content looks like; absent in rows of older versions. */
  detected_content_type?: string | null;
  size: number;
  disposition: 'attachment' | 'inline';
  content_id: string | null;
  sha256: string;
}

/** Where a message is before and after hand-over: `over` means that its status is derived from its recipients. */
export type Stage = 'scheduled' | 'held' | 'queued' | 'sending' | 'over' | 'cancelled' | 'received';

/** What hardly ever changes. */
export interface MessageRow {
  organization_id: OrganizationId;
  mode: Mode;
  id: MessageId;
  inbox_id: InboxId;
  thread_id: ThreadId;
  direction: 'inbound' | 'outbound';
  from_address: string;
  from_name: string | null;
  to_list: Address[];
  cc_list: Address[];
  bcc_list: Address[];
  reply_to_list: Address[];
  /** Every recipient of the headers, in lower case, for the filter. */
  to_keys: string[];
  subject: string | null;
  text_body: string | null;
  html_body: string | null;
  labels: string[];
  metadata: Record<string, string>;
  attachments: StoredAttachment[];
  own_message_id: string | null;
  received_id: string | null;
  in_reply_to: string | null;
  reference_ids: string[];
  authentication: Authentication | null;
  /** Null when nobody looked, and for what is sent. */
  kinds: MailKind[] | null;
  client_id: string | null;
  send_at: Date | null;
  /** Of an outbound message: null is 1. */
  content_version: number | null;
  content_hash: string | null;
  /** Null when the sender gave none, and for what is received. */
  custom_headers: Record<string, string> | null;
  raw_sha256: string;
  raw_size: number;
  requested_by: string | null;
  created_at: Date;
}

/** What every fact about the message changes. */
export interface StateRow {
  organization_id: OrganizationId;
  mode: Mode;
  message_id: MessageId;
  inbox_id: InboxId;
  version: number;
  stage: Stage;
  delivery_status: DeliveryStatus;
  security_status: SecurityStatus;
  security: Security | null;
  recipients: Recipient[];
  approval: { id: string; status: string } | null;
  provider_message_id: string | null;
  wire_message_id: string | null;
  /** Of the message, beside the states that lists are filtered by. */
  has_attachments: boolean;
  updated_at: Date;
}

export type MessageWithState = MessageRow & Omit<StateRow, 'message_id' | 'has_attachments'>;
