import { Injectable } from '@nestjs/common';
import type { MessageId, Mode, OrganizationId } from '@postern/contracts';
import { sql, type TenantScope, type Tx } from '@postern/platform';
import { READER_VERSION, type DocumentFormat, type Extraction, type Unreadable } from '../extract/extraction.js';
import { storableJson } from './storable-json.js';

export interface ExtractedTextKey {
  organization_id: OrganizationId;
  mode: Mode;
  /** Of the attachment's octets. */
  sha256: string;
  format: DocumentFormat;
}

/** A reading that is the same whenever it is made. */
export interface ExtractedText extends ExtractedTextKey {
  extraction: Extraction;
}

interface Row {
  text: string | null;
  unreadable: Unreadable | null;
}

const FIND = sql(
  'extracted_texts_find',
  `SELECT text, unreadable FROM extracted_texts
    WHERE organization_id = $1 AND mode = $2 AND sha256 = $3 AND format = $4 AND reader_version = $5`,
);

// The update locks a row that is there until the commit, so that nobody purges it before its new use is in.
const INSERT_TEXTS = sql(
  'extracted_texts_insert',
  `INSERT INTO extracted_texts AS known (organization_id, mode, sha256, format, reader_version, text, unreadable)
   SELECT DISTINCT ON (organization_id, mode, sha256, format)
          organization_id, mode, sha256, format, reader_version, text, unreadable
     FROM json_populate_recordset(null::extracted_texts, $1::json)
    ORDER BY organization_id, mode, sha256, format
   ON CONFLICT (organization_id, mode, sha256, format) DO UPDATE SET
     reader_version = excluded.reader_version,
     text = CASE WHEN known.reader_version = excluded.reader_version THEN known.text ELSE excluded.text END,
     unreadable = excluded.unreadable`,
);

const INSERT_USES = sql(
  'extracted_text_uses_insert',
  `INSERT INTO extracted_text_uses (organization_id, mode, message_id, sha256, format)
   SELECT organization_id, mode, message_id, sha256, format
     FROM json_populate_recordset(null::extracted_text_uses, $1::json)
   ON CONFLICT DO NOTHING`,
);

const DELETE_USES = sql(
  'extracted_text_uses_delete',
  `DELETE FROM extracted_text_uses AS use
    USING unnest($1::text[], $2::text[], $3::text[]) AS gone(organization_id, mode, message_id)
    WHERE use.organization_id = gone.organization_id AND use.mode = gone.mode AND use.message_id = gone.message_id
   RETURNING use.organization_id, use.mode, use.sha256, use.format`,
);

const OF_TEXT = `known.organization_id = gone.organization_id AND known.mode = gone.mode
      AND known.sha256 = gone.sha256 AND known.format = gone.format`;

const LOCK_TEXTS = sql(
  'extracted_texts_lock',
  `SELECT 1 FROM extracted_texts AS known JOIN json_populate_recordset(null::extracted_texts, $1::json) AS gone
      ON ${OF_TEXT}
    ORDER BY known.organization_id, known.mode, known.sha256, known.format FOR UPDATE OF known`,
);

const DELETE_UNUSED = sql(
  'extracted_texts_delete_unused',
  `DELETE FROM extracted_texts AS known USING json_populate_recordset(null::extracted_texts, $1::json) AS gone
    WHERE ${OF_TEXT} AND NOT EXISTS (
      SELECT FROM extracted_text_uses AS use
       WHERE use.organization_id = known.organization_id AND use.mode = known.mode
         AND use.sha256 = known.sha256 AND use.format = known.format)`,
);

/** Texts that were read out of attachments, by the attachment's content, and the messages that have them. */
@Injectable()
export class ExtractedTextStore {
  /** @returns null when it was not read, or by an older reader. */
  async find(tx: Tx, key: ExtractedTextKey): Promise<Extraction | null> {
    const [row] = await tx.query<Row>(FIND, [key.organization_id, key.mode, key.sha256, key.format, READER_VERSION]);
    if (row === undefined) return null;
    return row.unreadable === null
      ? { status: 'read', text: row.text ?? '', truncated: false }
      : { status: 'unreadable', reason: row.unreadable };
  }

  /** Keeps texts together with the messages that they are of. Calling it twice changes nothing. */
  async insert(tx: Tx, texts: readonly (ExtractedText & { message_id: MessageId })[]): Promise<void> {
    if (texts.length === 0) return;
    const rows = texts.map(({ extraction, ...key }) => ({
      ...key,
      reader_version: READER_VERSION,
      text: extraction.status === 'read' ? extraction.text : null,
      unreadable: extraction.status === 'read' ? null : extraction.reason,
    }));
    await tx.query(INSERT_TEXTS, [storableJson(rows)]);
    await tx.query(INSERT_USES, [JSON.stringify(texts.map(({ extraction: _, ...use }) => use))]);
  }

  /** For messages that are deleted: forgets their texts, but for what other messages of the tenant have too. */
  async purge(tx: Tx, messages: readonly (TenantScope & { messageId: string })[]): Promise<void> {
    const uses = await tx.query<ExtractedTextKey>(DELETE_USES, [
      messages.map(({ organizationId }) => organizationId),
      messages.map(({ mode }) => mode),
      messages.map(({ messageId }) => messageId),
    ]);
    if (uses.length === 0) return;
    const gone = JSON.stringify(uses);
    // Whoever stores a new use of a text holds its lock; the look at what is used comes after.
    await tx.query(LOCK_TEXTS, [gone]);
    await tx.query(DELETE_UNUSED, [gone]);
  }
}
