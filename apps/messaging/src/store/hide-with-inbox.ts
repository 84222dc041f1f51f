import type { QueryRunner } from 'typeorm';

/**
 * For migrations: what belongs to an inbox that is being removed is gone for requests at once, whatever their statement
 * says. The table needs a column `inbox_id`; null belongs to none. The service's own role, which removes, still sees it.
 */
export async function hideWithInbox(runner: QueryRunner, table: string): Promise<void> {
  await runner.query(`
    CREATE POLICY ${table}_of_present_inboxes ON ${table} AS RESTRICTIVE FOR ALL
      USING (inbox_id IS NULL OR inbox_id NOT IN (SELECT r.inbox_id FROM inbox_removals r))`);
}
