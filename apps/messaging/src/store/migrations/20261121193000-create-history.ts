import { tenantTable } from '@postern/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { hideWithInbox } from '../hide-with-inbox.js';

const TENANT = `organization_id text COLLATE "C" NOT NULL, mode text NOT NULL CHECK (mode IN ('live', 'test'))`;

/** What no other row tells about a message's past, and waits for replies. */
export class CreateHistory20261121193000 implements MigrationInterface {
  name = 'CreateHistory20261121193000';

  async up(runner: QueryRunner): Promise<void> {
    // The key holds the state's, which whoever writes here has locked: no other row is touched.
    await runner.query(`
      CREATE TABLE message_history (
        ${TENANT},
        message_id  text COLLATE "C" NOT NULL,
        version     integer NOT NULL,
        type        text NOT NULL,
        data        json NOT NULL,
        recorded_at timestamptz(3) NOT NULL,
        PRIMARY KEY (organization_id, mode, message_id, version),
        FOREIGN KEY (organization_id, mode, message_id) REFERENCES message_states ON DELETE CASCADE
      )`);
    await runner.query(`COMMENT ON TABLE message_history IS
      'append-only: receipt, feedback, cancels and moves; the scan and attempts to send are told by the services that did them'`);
    await runner.query(`COMMENT ON COLUMN message_history.version IS 'of the message, after it'`);
    await tenantTable(runner, 'message_history');

    await runner.query(`
      CREATE TABLE expected_replies (
        ${TENANT},
        thread_id     text COLLATE "C" NOT NULL,
        inbox_id      text COLLATE "C" NOT NULL,
        due_at        timestamptz(3) NOT NULL,
        after_message text COLLATE "C",
        outcome       text CHECK (outcome IN ('reply', 'bounce', 'auto_reply', 'timeout')),
        message_id    text COLLATE "C",
        created_at    timestamptz(3) NOT NULL,
        resolved_at   timestamptz(3),
        PRIMARY KEY (organization_id, mode, thread_id),
        FOREIGN KEY (organization_id, mode, thread_id) REFERENCES threads ON DELETE CASCADE,
        CHECK ((outcome IS NULL) = (resolved_at IS NULL)),
        CHECK ((message_id IS NOT NULL) = (outcome IS NOT NULL AND outcome <> 'timeout'))
      )`);
    await runner.query(
      `COMMENT ON COLUMN expected_replies.after_message IS 'the last message that ended an earlier wait: it ends no other'`,
    );
    await runner.query(`CREATE INDEX expected_replies_due ON expected_replies (due_at) WHERE resolved_at IS NULL`);
    await tenantTable(runner, 'expected_replies');
    await hideWithInbox(runner, 'expected_replies');
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
