import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an inbound mail is besides a letter. Nullable: services of the version before write rows without it. */
export class AddKinds20261121221000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE messages ADD COLUMN kinds text[]`);
    await runner.query(`COMMENT ON COLUMN messages.kinds IS
      'auto_reply, list, calendar, …; null when nobody looked, and for what is sent'`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
