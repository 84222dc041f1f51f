import { Injectable } from '@nestjs/common';
import type { MessageId, Mode } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';
import type { QueuedMessage } from './search-queue.store.js';

/** What of a message is indexed, as it is stored. */
export interface SearchSource {
  organization_id: string;
  mode: Mode;
  id: MessageId;
  inbox_id: string;
  direction: 'inbound' | 'outbound';
  from_address: string;
  from_name: string | null;
  to_keys: string[];
  labels: string[];
  subject: string | null;
  text_body: string | null;
  html_body: string | null;
  filenames: string[];
  attachment_text: string | null;
  /** Null: it is not in the index yet. */
  tenant_ordinal: number | null;
  inbox_ordinal: number | null;
}

export interface ScopeKey {
  organization_id: string;
  mode: string;
  scope_id: string;
}

export interface ScopeRow extends ScopeKey {
  next_ordinal: number;
  last_id: string;
}

export interface BlockRow extends ScopeKey {
  block: number;
  first_id: string;
  floor_id: string;
}

export interface SearchRow {
  organization_id: string;
  mode: string;
  message_id: string;
  inbox_id: string;
  tenant_ordinal: number;
  inbox_ordinal: number;
  subject: string;
  keys: string[];
  title: string;
  body: string;
}

// The lock keeps a message from being deleted before its search row refers to it.
const READ = sql(
  'search_read',
  `SELECT m.organization_id, m.mode, m.id, m.inbox_id, m.direction, m.from_address, m.from_name, m.to_keys, m.labels,
          m.subject, left(m.text_body, $4) AS text_body,
          left(m.html_body, $5) AS html_body,
          ARRAY(SELECT a ->> 'filename' FROM json_array_elements(m.attachments) a) AS filenames,
          (SELECT string_agg(t.text, E'\\n' ORDER BY t.place) FROM attachment_texts t
            WHERE t.organization_id = m.organization_id AND t.mode = m.mode AND t.message_id = m.id) AS attachment_text,
          k.tenant_ordinal, k.inbox_ordinal
     FROM unnest($1::text[], $2::text[], $3::text[]) AS w(organization_id, mode, id)
     JOIN messages m USING (organization_id, mode, id)
     LEFT JOIN message_search k ON k.organization_id = m.organization_id AND k.mode = m.mode AND k.message_id = m.id
    ORDER BY m.organization_id, m.mode, m.id
      FOR KEY SHARE OF m`,
);
// Writes each row over with itself, which locks it, and makes those that are not there: one statement, in one order, so
// that two indexers never wait for each other in a circle.
const LOCK_SCOPES = sql(
  'search_lock_scopes',
  `INSERT INTO search_scopes AS s (organization_id, mode, scope_id, next_ordinal, last_id)
   SELECT organization_id, mode, scope_id, 0, '' FROM unnest($1::text[], $2::text[], $3::text[]) AS w(organization_id, mode, scope_id)
    ORDER BY organization_id, mode, scope_id
   ON CONFLICT (organization_id, mode, scope_id) DO UPDATE SET next_ordinal = s.next_ordinal
   RETURNING organization_id, mode, scope_id, next_ordinal, last_id`,
);
const COUNT_SCOPES = sql(
  'search_count_scopes',
  `UPDATE search_scopes s SET next_ordinal = n.next_ordinal, last_id = n.last_id
     FROM json_populate_recordset(NULL::search_scopes, $1::json) n
    WHERE s.organization_id = n.organization_id AND s.mode = n.mode AND s.scope_id = n.scope_id`,
);
const OPEN_BLOCKS = sql(
  'search_open_blocks',
  `INSERT INTO search_blocks AS b SELECT * FROM json_populate_recordset(NULL::search_blocks, $1::json)
   ON CONFLICT (organization_id, mode, scope_id, block) DO UPDATE SET first_id = least(b.first_id, excluded.first_id)`,
);
const WRITE = sql(
  'search_write',
  `INSERT INTO message_search (organization_id, mode, message_id, inbox_id, tenant_ordinal, inbox_ordinal, subject, keys, title, document)
   SELECT n.organization_id, n.mode, n.message_id, n.inbox_id, n.tenant_ordinal, n.inbox_ordinal, n.subject, n.keys,
          search_vector($2::regconfig, n.title), search_vector($2::regconfig, n.title || E'\\n' || n.body)
     FROM json_to_recordset($1::json) AS n(organization_id text, mode text, message_id text, inbox_id text,
          tenant_ordinal bigint, inbox_ordinal bigint, subject text, keys text[], title text, body text)
   ON CONFLICT (organization_id, mode, message_id) DO UPDATE SET
     subject = excluded.subject, keys = excluded.keys, title = excluded.title, document = excluded.document`,
);

const columns = <T extends object>(rows: readonly T[], ...names: (keyof T)[]): unknown[][] =>
  names.map((name) => rows.map((row) => row[name]));

/** The statements that write the search index, for messages of many tenants at once. */
@Injectable()
export class SearchIndexStore {
  /** @returns those that are there, in the order of their ids; none of them can be deleted until the transaction ends. */
  read(
    tx: Tx,
    messages: readonly QueuedMessage[],
    max: { textChars: number; htmlChars: number },
  ): Promise<SearchSource[]> {
    const named = columns(messages, 'organization_id', 'mode', 'message_id');
    return tx.query<SearchSource>(READ, [...named, max.textChars, max.htmlChars]);
  }

  /** Locks the counters of scopes, new ones begin at 0. @param scopes  each once. */
  async lockScopes(tx: Tx, scopes: readonly ScopeKey[]): Promise<ScopeRow[]> {
    if (scopes.length === 0) return [];
    return tx.query<ScopeRow>(LOCK_SCOPES, columns(scopes, 'organization_id', 'mode', 'scope_id'));
  }

  async count(tx: Tx, scopes: readonly ScopeRow[], blocks: readonly BlockRow[]): Promise<void> {
    await tx.query(COUNT_SCOPES, [JSON.stringify(scopes)]);
    await tx.query(OPEN_BLOCKS, [JSON.stringify(blocks)]);
  }

  /** @param language  a text search configuration of PostgreSQL. */
  async write(tx: Tx, rows: readonly SearchRow[], language: string): Promise<void> {
    await tx.query(WRITE, [JSON.stringify(rows), language]);
  }
}
