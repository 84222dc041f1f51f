import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Outbound messages can get another content before they are sent, and inboxes say who must approve what is held. Nullable:
 * services of the version before write rows without them.
 */
export class ReviseMessages20261121202500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE messages ADD COLUMN content_version integer CHECK (content_version >= 1),
                           ADD COLUMN custom_headers json`);
    await runner.query(`COMMENT ON COLUMN messages.content_version IS 'of an outbound message; null is 1'`);
    await runner.query(`COMMENT ON COLUMN messages.custom_headers IS
      'X-* and List-* headers that the sender gave, for the next version; null when there are none'`);
    await runner.query(`
      ALTER TABLE inboxes ADD COLUMN approvals_required integer CHECK (approvals_required IN (1, 2)),
                          ADD COLUMN approval_ttl_seconds integer CHECK (approval_ttl_seconds >= 1)`);
    await runner.query(`COMMENT ON COLUMN inboxes.approvals_required IS 'null is 1'`);
    await runner.query(`COMMENT ON COLUMN inboxes.approval_ttl_seconds IS 'null is as long as the guard is set up'`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
