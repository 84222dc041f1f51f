import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Held messages can be edited: their approvals go on with the next version. Nullable: older versions write rows without them. */
export class ReviseApprovals20261121202000 implements MigrationInterface {
  name = 'ReviseApprovals20261121202000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE approvals ADD COLUMN terms jsonb, ADD COLUMN revising jsonb`);
    await runner.query(`COMMENT ON COLUMN approvals.terms IS
      'what decides about the message beside its content; carried on unchanged when it is edited'`);
    await runner.query(`COMMENT ON COLUMN approvals.revising IS
      'who edits the message and with which note, while the next version is made and scanned'`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
