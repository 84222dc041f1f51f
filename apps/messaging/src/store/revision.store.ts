import { Injectable } from '@nestjs/common';
import type { Tenant } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';
import { AcceptStore, hex } from './accept.store.js';
import type { MessageWithState } from './message.row.js';
import { RemovalStore } from './removal.store.js';
import { SearchQueueStore } from './search-queue.store.js';

const UPDATE = sql(
  'revision_update',
  `UPDATE messages m SET
     to_list = n.to_list, cc_list = n.cc_list, bcc_list = n.bcc_list, to_keys = n.to_keys, subject = n.subject,
     text_body = n.text_body, html_body = n.html_body, content_version = n.content_version,
     content_hash = n.content_hash, raw_sha256 = n.raw_sha256, raw_size = n.raw_size, raw_inline = n.raw_inline
   FROM json_populate_recordset(NULL::messages, $1::json) n
  WHERE m.organization_id = n.organization_id AND m.mode = n.mode AND m.id = n.id`,
);

/** What {@link UPDATE} takes of a row. */
const columnsOf = (row: MessageWithState) => ({
  organization_id: row.organization_id,
  mode: row.mode,
  id: row.id,
  to_list: row.to_list,
  cc_list: row.cc_list,
  bcc_list: row.bcc_list,
  to_keys: row.to_keys,
  subject: row.subject,
  text_body: row.text_body,
  html_body: row.html_body,
  content_version: row.content_version,
  content_hash: row.content_hash,
  raw_sha256: row.raw_sha256,
  raw_size: row.raw_size,
});

/** An outbound message before and after. */
export interface RevisedRow {
  before: MessageWithState;
  next: MessageWithState;
  /** The MIME, when it is small enough to lie in the row. */
  rawInline: Buffer | null;
}

/** Gives outbound messages another content. */
@Injectable()
export class RevisionStore {
  constructor(
    private readonly accepts: AcceptStore,
    private readonly search: SearchQueueStore,
    private readonly removal: RemovalStore,
  ) {}

  /**
   * The threads and states of these messages are locked. Threads show the new version, searches find it, and the octets of
   * the one before stay for as long as facts that name them can come again.
   */
  async update(tx: Tx, revised: readonly RevisedRow[]): Promise<void> {
    if (revised.length === 0) return;
    const rows = revised.map(({ next, rawInline }) => ({ ...columnsOf(next), raw_inline: hex(rawInline) }));
    await tx.query(UPDATE, [JSON.stringify(rows)]);
    await this.accepts.hold(
      tx,
      revised.map(({ before }) => ({ message: before, sha256: before.raw_sha256 })),
    );
    await this.search.add(
      tx,
      revised.map(({ next }) => ({ ...tenantOf(next), messageId: next.id })),
    );
    for (const { next } of revised) await this.removal.settleThread(tx, tenantOf(next), next.thread_id);
  }
}

const tenantOf = ({ organization_id, mode }: MessageWithState): Tenant => ({ organizationId: organization_id, mode });
