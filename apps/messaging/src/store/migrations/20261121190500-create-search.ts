import { tenantTable, tenantView } from '@postern/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TENANT = `organization_id text COLLATE "C" NOT NULL, mode text NOT NULL CHECK (mode IN ('live', 'test'))`;

/**
 * Lists and search. What a list can be filtered by is in two places: what every fact changes is indexed in
 * `message_states`, everything else in `message_search`, which an indexer fills from `search_queue` after the commit of a
 * message. Three indexes of `messages` that every accept had to feed are gone for it.
 */
export class CreateSearch20261121190500 implements MigrationInterface {
  name = 'CreateSearch20261121190500';

  async up(runner: QueryRunner): Promise<void> {
    await this.indexStates(runner);
    await this.createAttachmentTexts(runner);
    await this.createIndex(runner);
    await this.createPlaces(runner);
    for (const index of ['messages_by_sender', 'messages_by_recipient', 'messages_by_label']) {
      await runner.query(`DROP INDEX ${index}`);
    }
    await runner.query(`INSERT INTO search_queue SELECT organization_id, mode, id, inbox_id FROM messages`);
  }

  /** Any combination of these filters is a few ranges of one index, each in the order of the list. */
  private async indexStates(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE message_states ADD COLUMN has_attachments boolean NOT NULL DEFAULT false`);
    await runner.query(`
      UPDATE message_states s SET has_attachments = true FROM messages m
       WHERE m.organization_id = s.organization_id AND m.mode = s.mode AND m.id = s.message_id
         AND json_array_length(m.attachments) > 0`);
    await runner.query(`DROP INDEX states_by_delivery, states_by_security`);
    await runner.query(
      `CREATE INDEX states_of_tenant ON message_states (organization_id, mode, delivery_status, security_status, has_attachments, message_id)`,
    );
    await runner.query(
      `CREATE INDEX states_of_inbox ON message_states (organization_id, mode, inbox_id, delivery_status, security_status, has_attachments, message_id)`,
    );
  }

  private async createAttachmentTexts(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE attachment_texts (
        ${TENANT},
        message_id text COLLATE "C" NOT NULL,
        sha256     text COLLATE "C" NOT NULL,
        place      integer NOT NULL,
        text       text NOT NULL,
        truncated  boolean NOT NULL,
        PRIMARY KEY (organization_id, mode, message_id, sha256),
        FOREIGN KEY (organization_id, mode, message_id) REFERENCES messages ON DELETE CASCADE
      )`);
    await runner.query(`COMMENT ON TABLE attachment_texts IS 'what the guard read out of attachments, for the search'`);
    await tenantTable(runner, 'attachment_texts');
  }

  private async createIndex(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE search_queue (
        ${TENANT},
        message_id text COLLATE "C" NOT NULL,
        inbox_id   text COLLATE "C" NOT NULL,
        PRIMARY KEY (organization_id, mode, message_id)
      ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)`);
    await runner.query(`COMMENT ON TABLE search_queue IS
      'messages whose search row is missing or old; written in the transaction that makes it so. Without a foreign key: it would cost every accept a look-up, and a row without its message only goes again'`);
    await tenantTable(runner, 'search_queue');
    await runner.query(`
      CREATE TABLE message_search (
        ${TENANT},
        message_id     text COLLATE "C" NOT NULL,
        inbox_id       text COLLATE "C" NOT NULL,
        tenant_ordinal bigint NOT NULL,
        inbox_ordinal  bigint NOT NULL,
        subject        text NOT NULL,
        keys           text[] NOT NULL,
        title          tsvector NOT NULL,
        document       tsvector NOT NULL,
        PRIMARY KEY (organization_id, mode, message_id),
        FOREIGN KEY (organization_id, mode, message_id) REFERENCES messages ON DELETE CASCADE
      )`);
    await runner.query(`COMMENT ON COLUMN message_search.subject IS 'folded for comparison without case'`);
    await runner.query(
      `COMMENT ON COLUMN message_search.keys IS 'exact properties, and places among the messages of the tenant and of the inbox'`,
    );
    await runner.query(`COMMENT ON COLUMN message_search.title IS 'subject, sender, names of attachments'`);
    // A search reads what was not merged into the index yet from one end to the other: little of it, at most.
    await runner.query(
      `CREATE INDEX message_search_words ON message_search USING gin (keys, title, document) WITH (fastupdate = on, gin_pending_list_limit = 512)`,
    );
    await tenantTable(runner, 'message_search');
    await tenantView(runner, 'searchable_messages', 'message_id, subject, keys, title, document', 'message_search');
    // A tsvector holds 1 MiB; of text with too many different words the first part is indexed.
    await runner.query(`
      CREATE FUNCTION search_vector(language regconfig, words text) RETURNS tsvector LANGUAGE plpgsql STABLE AS $$
      BEGIN
        RETURN to_tsvector('simple', words) || to_tsvector(language, words);
      EXCEPTION WHEN program_limit_exceeded THEN
        RETURN search_vector(language, left(words, length(words) / 2));
      END $$`);
  }

  private async createPlaces(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE search_scopes (
        ${TENANT},
        scope_id     text COLLATE "C" NOT NULL,
        next_ordinal bigint NOT NULL,
        last_id      text COLLATE "C" NOT NULL,
        PRIMARY KEY (organization_id, mode, scope_id)
      )`);
    await runner.query(`COMMENT ON TABLE search_scopes IS
      'counts the indexed messages of a tenant (scope_id is organization and mode) and of each inbox'`);
    await runner.query(`COMMENT ON COLUMN search_scopes.last_id IS 'the highest id of its messages'`);
    await tenantTable(runner, 'search_scopes');
    await runner.query(`
      CREATE TABLE search_blocks (
        ${TENANT},
        scope_id text COLLATE "C" NOT NULL,
        block    integer NOT NULL,
        first_id text COLLATE "C" NOT NULL,
        floor_id text COLLATE "C" NOT NULL,
        PRIMARY KEY (organization_id, mode, scope_id, block)
      )`);
    await runner.query(`COMMENT ON COLUMN search_blocks.first_id IS 'the lowest id in this block'`);
    await runner.query(`COMMENT ON COLUMN search_blocks.floor_id IS 'the highest id in all blocks before this one'`);
    await tenantTable(runner, 'search_blocks');
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
