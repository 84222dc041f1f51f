import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The rules of a pattern in the order of their inboxes: then no other index serves that look-up as well. */
export class OrderListRules20261121201501 implements MigrationInterface {
  name = 'OrderListRules20261121201501';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX list_rules_by_pattern`);
    await runner.query(
      `CREATE INDEX list_rules_by_pattern ON list_rules (organization_id, mode, direction, pattern, inbox_id)
        WHERE removed_at IS NULL`,
    );
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
