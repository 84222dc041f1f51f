import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A deleted endpoint is out of sight at once, and its row stays until its calls are deleted: they may be very many. */
export class DeleteEndpointsLater1763785000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE webhooks DROP CONSTRAINT webhooks_status_check,
        ADD CONSTRAINT webhooks_status_check CHECK (status IN ('enabled', 'disabled', 'deleted'))`);
    await runner.query(
      `COMMENT ON COLUMN webhooks.status IS 'deleted waits for the end of its calls, and nobody sees it'`,
    );
    // With the tenant, as the foreign key asks: by the primary key alone it reads all calls of the organization for each endpoint.
    await runner.query(`DROP INDEX calls_of_webhook`);
    await runner.query(`CREATE INDEX calls_of_webhook ON calls (organization_id, mode, webhook_id, id)`);
    await runner.query(`CREATE INDEX webhooks_deleted ON webhooks (id) WHERE status = 'deleted'`);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
